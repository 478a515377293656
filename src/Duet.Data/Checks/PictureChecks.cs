// Decodes the pictures of a checked data set.
using System.Collections.Concurrent;
using Duet.Vision;

namespace Duet.Data.Checks;

/// <summary>Which pictures can be used, and what they look like.</summary>
internal static class PictureChecks
{
    private const string Decoding = "decoding pictures";

    /// <summary>The fingerprint of every picture that can be decoded; every other one becomes an issue of each of its rows.</summary>
    public static ConcurrentDictionary<string, PictureFingerprint> Decode(
        List<Product> products,
        IReadOnlyList<string> placeholders,
        List<DataIssue> issues,
        DataCheckOptions options,
        IProgress<DataCheckProgress>? progress,
        CancellationToken cancellation
    )
    {
        var paths = products.SelectMany(product => product.Images).Distinct(StringComparer.Ordinal).ToList();
        var decoder = new ImageDecoder(
            new DecodeOptions { MinimumSide = PictureFingerprint.DecodedSide, Background = new Rgb24(255, 255, 255) },
            new DecodeLimits { Placeholders = placeholders }
        );
        var prints = new ConcurrentDictionary<string, PictureFingerprint>(StringComparer.Ordinal);
        var broken = new ConcurrentDictionary<string, (DataIssueKind Kind, string Detail)>(StringComparer.Ordinal);
        var done = 0;
        Parallel.ForEach(
            paths,
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = options.Threads },
            path =>
            {
                try
                {
                    prints[path] = PictureFingerprint.Of(decoder, path);
                }
                catch (ImageDecodeException e)
                {
                    broken[path] = (KindOf(e.Reason), $"{Quarantine.NameOf(BatchAssembler.ReasonOf(e.Reason))}: {e.Message}");
                }

                progress?.Report(new DataCheckProgress(Decoding, Interlocked.Increment(ref done), paths.Count));
            }
        );
        foreach (var product in products)
        {
            issues.AddRange(
                product
                    .Images.Where(broken.ContainsKey)
                    .Select(path => new DataIssue(broken[path].Kind, product.Row, product.Id, broken[path].Detail) { File = path })
            );
        }

        return prints;
    }

    /// <summary>Every picture once, with its fingerprint; null where it cannot be decoded.</summary>
    public static (List<string> Paths, List<PictureFingerprint?> Prints) Distinct(
        List<Product> products,
        ConcurrentDictionary<string, PictureFingerprint> pictures
    )
    {
        var paths = products.SelectMany(product => product.Images).Distinct(StringComparer.Ordinal).ToList();
        return (paths, paths.ConvertAll(pictures.GetValueOrDefault));
    }

    private static DataIssueKind KindOf(ImageDecodeReason reason) =>
        reason switch
        {
            ImageDecodeReason.Missing => DataIssueKind.MissingPicture,
            ImageDecodeReason.Placeholder => DataIssueKind.PlaceholderPicture,
            _ => DataIssueKind.BrokenPicture,
        };
}
