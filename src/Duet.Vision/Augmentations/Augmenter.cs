// Makes one training picture out of a decoded one.

namespace Duet.Vision;

/// <summary>Carries out an <see cref="Augmentation"/>: crop, resize, mirror, colour, erasing, noise. Every draw is a function of seed,
/// epoch and row. Safe to use from many threads; allocates nothing per picture.</summary>
public sealed class Augmenter
{
    // Keeps these draws apart from others for the same seed, epoch and row, such as modality dropout.
    private const ulong Purpose = 0x61_75_67_6D_65_6E_74;

    /// <summary>Makes an augmenter.</summary>
    /// <param name="options">What may happen to a picture.</param>
    /// <param name="size">Side of the square to make, in pixels, 1 to 4096.</param>
    public Augmenter(Augmentation options, int size)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 4096);
        (Options, Size) = (options, size);
    }

    /// <summary>What may happen to a picture.</summary>
    public Augmentation Options { get; }

    /// <summary>Side of the result in pixels.</summary>
    public int Size { get; }

    /// <summary>Bytes of one result: <c>3 * Size * Size</c>.</summary>
    public int Length => 3 * Size * Size;

    /// <summary>Makes the picture that a row shows in an epoch.</summary>
    /// <param name="image">The decoded picture.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="row">The row's number in the table.</param>
    /// <param name="destination"><see cref="Length"/> bytes, <c>[3, Size, Size]</c>, not yet normalised.</param>
    public void Apply(RgbImage image, ulong seed, long epoch, long row, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (destination.Length != Length)
        {
            throw new ArgumentException($"An augmented picture has {Length} bytes, not {destination.Length}.", nameof(destination));
        }

        var random = new CounterRandom(seed ^ Purpose, (ulong)epoch, (ulong)row);
        var box = Options.CropScale is { } scale
            ? CropBox.Random(image.Width, image.Height, scale, Options.CropRatio, ref random)
            : CropBox.CentreSquare(image.Width, image.Height);
        if (Options.MaxShift > 0)
        {
            box = box.Shifted(Options.MaxShift, ref random);
        }

        CropSampler.Sample(image, box, random.NextDouble() < Options.FlipProbability, Size, destination);
        if (Options.ChangesColour)
        {
            ColourChange.Apply(Options, ref random, destination);
        }

        if (random.NextDouble() < Options.ErasingProbability)
        {
            Erase(ref random, destination);
        }

        if (random.NextDouble() < Options.NoiseProbability)
        {
            GaussianNoise.Add(
                destination,
                255 * random.Next(Options.NoiseDeviation.Low, Options.NoiseDeviation.High),
                ref random,
                destination
            );
        }
    }

    private void Erase(ref CounterRandom random, Span<byte> planes)
    {
        var area = random.Next(Options.ErasingArea.Low, Options.ErasingArea.High) * Size * Size;
        var shape = Math.Exp(random.Next(Math.Log(Options.ErasingRatio.Low), Math.Log(Options.ErasingRatio.High)));
        var width = Math.Clamp((int)Math.Round(Math.Sqrt(area * shape)), 1, Size);
        var height = Math.Clamp((int)Math.Round(Math.Sqrt(area / shape)), 1, Size);
        var (left, top) = (random.Next(Size - width + 1), random.Next(Size - height + 1));
        var fill = Options.ErasingFill;
        for (var y = top; y < top + height; y++)
        {
            planes.Slice(y * Size + left, width).Fill(fill.R);
            planes.Slice((Size + y) * Size + left, width).Fill(fill.G);
            planes.Slice((2 * Size + y) * Size + left, width).Fill(fill.B);
        }
    }
}
