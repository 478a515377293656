// Pictures that are used by so many rows that they do not show a product.
using System.Globalization;
using Duet.Vision;

namespace Duet.Data;

/// <summary>A picture that looks like a placeholder ("no picture yet", a shop's logo) because many rows use it.</summary>
/// <param name="Key">What makes it one picture: its content's hash, or its path after <see cref="PathKey"/>.</param>
/// <param name="File">The first file with this content.</param>
/// <param name="Rows">How many rows name it.</param>
/// <param name="Of">How many rows there are.</param>
internal sealed record CommonPicture(string Key, string File, int Rows, int Of)
{
    /// <summary>Stands before a path where nothing else has the same size, so that the content need not be read.</summary>
    public const string PathKey = "path:";

    /// <summary>Above this share of the rows a picture is taken for a placeholder.</summary>
    public const double LeastShare = 0.02;

    // In a small table a few variants of one product share a picture.
    private const int MinRows = 10;

    /// <summary>The pictures behind more than <see cref="LeastShare"/> of the rows, the commonest first.</summary>
    /// <param name="products">The rows.</param>
    /// <param name="keyOf">The key of a file; null where it has none.</param>
    public static IReadOnlyList<CommonPicture> Find(IReadOnlyList<Product> products, Func<string, string?> keyOf) =>
        [
            .. products
                .SelectMany(product =>
                    product
                        .Images.Select(file => (Key: keyOf(file), File: file))
                        .Where(picture => picture.Key is not null)
                        .DistinctBy(picture => picture.Key, StringComparer.Ordinal)
                )
                .GroupBy(picture => picture.Key!, picture => picture.File, StringComparer.Ordinal)
                .Select(group => new CommonPicture(group.Key, group.First(), group.Count(), products.Count))
                .Where(picture => IsCommon(picture.Rows, products.Count))
                .OrderByDescending(picture => picture.Rows)
                .ThenBy(picture => picture.File, StringComparer.Ordinal),
        ];

    /// <summary>Whether so many rows are too many for one product.</summary>
    public static bool IsCommon(int rows, int of) => rows >= MinRows && rows > LeastShare * of;

    /// <summary>The files that more than <see cref="LeastShare"/> of the rows name, without those that are not there or were named as
    /// placeholders.</summary>
    /// <param name="products">The rows.</param>
    /// <param name="placeholders">Hashes of placeholders.</param>
    public static IEnumerable<CommonPicture> FindFiles(IReadOnlyList<Product> products, IReadOnlyCollection<string> placeholders)
    {
        var decoder = new ImageDecoder();
        return Find(products, file => file).Where(picture => IsUnknown(picture.File));

        bool IsUnknown(string file)
        {
            try
            {
                return !placeholders.Contains(Convert.ToHexString(decoder.HashContent(file)), StringComparer.OrdinalIgnoreCase);
            }
            catch (ImageDecodeException)
            {
                return false;
            }
        }
    }

    /// <summary>What it is and what can be done, in one sentence.</summary>
    /// <param name="consequence">What was done about it, to be put after the comma.</param>
    public string Describe(string consequence) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"The picture {File} is used by {Rows} of {Of} rows ({LossCount.Describe((double)Rows / Of)}), so it looks like a "
                + $"placeholder, {consequence}; --placeholder {File} makes it count as no picture."
        );
}
