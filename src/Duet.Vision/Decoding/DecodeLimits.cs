// What a picture may cost before it is refused. All pictures are untrusted input.
namespace Duet.Vision;

/// <summary>Limits for pictures from outside. Checked before memory is set aside for pixels.</summary>
public sealed record DecodeLimits
{
    /// <summary>Largest file in bytes. Default 32 MiB: a 50-megapixel camera JPEG stays below; range 1 KiB to 1 GiB, because the
    /// whole file is read into memory by every decoding thread.</summary>
    public long MaxFileBytes
    {
        get;
        init => field = Within(value, 1024, 1L << 30, nameof(MaxFileBytes));
    } = 32L << 20;

    /// <summary>Most pixels (width x height) the header may claim. Default 64 million: 8000 x 8000, 192 MB as RGB; range 1 to
    /// 400 million, above which one picture needs more than 1.2 GB.</summary>
    public long MaxPixels
    {
        get;
        init => field = Within(value, 1, 400_000_000, nameof(MaxPixels));
    } = 64_000_000;

    /// <summary>Smallest width and height. Default 1: a 1 x 1 placeholder is a picture, if a poor one; range 1 to 4096.</summary>
    public int MinimumSide
    {
        get;
        init => field = (int)Within(value, 1, 4096, nameof(MinimumSide));
    } = 1;

    /// <summary>Longest shape: longer side divided by shorter side. Default 2000, far beyond any product photo; range 1 to 20000.
    /// Without it, bringing the shorter side of a 1 x 60000 strip to 224 pixels would ask for millions of rows.</summary>
    public int MaxAspectRatio
    {
        get;
        init => field = (int)Within(value, 1, 20_000, nameof(MaxAspectRatio));
    } = 2000;

    /// <summary>Pictures that mean \"no picture\": the SHA-256 of their bytes (<see cref="ImageDecoder.HashContent"/>) in hexadecimal
    /// digits of either case. They are refused as <see cref="ImageDecodeReason.Placeholder"/>. Default none.</summary>
    public IReadOnlyCollection<string> Placeholders { get; init; } = [];

    private static long Within(long value, long low, long high, string name) =>
        value >= low && value <= high
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be between {low} and {high}.");
}
