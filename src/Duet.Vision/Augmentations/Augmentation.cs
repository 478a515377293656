// What training does to pictures so that the model does not learn them by heart.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Duet.Vision;

/// <summary>Random changes to training pictures. Immutable; saved with the run. The defaults crop mildly and mirror; colours are
/// left alone because colour is often the very thing to be learnt.</summary>
public sealed record Augmentation
{
    /// <summary>Share of the picture's area that a crop keeps. Default 0.5 to 1 (ImageNet's 0.08 would cut the product off); within
    /// 0.01 to 1. Null crops the centre square instead of a random part.</summary>
    public Interval? CropScale
    {
        get;
        init => field = value is { } range ? Within(range, 0.01, 1) : null;
    } = new Interval(0.5, 1);

    /// <summary>Width to height of a crop, drawn on a logarithmic scale. Default 3/4 to 4/3 as in torchvision; within 0.1 to
    /// 10.</summary>
    public Interval CropRatio
    {
        get;
        init => field = Within(value, 0.1, 10);
    } = new(3.0 / 4, 4.0 / 3);

    /// <summary>Largest shift of the crop in each direction, as a share of its sides; what lies outside the picture repeats its
    /// edge. Default 0; up to 0.5. With <see cref="CropScale"/> null and 0.0625 it is the pad-and-crop of small-picture
    /// training.</summary>
    public double MaxShift
    {
        get;
        init => field = Within(value, 0, 0.5);
    }

    /// <summary>Probability of mirroring left and right. Default 0.5; 0 where text or side matters.</summary>
    public double FlipProbability
    {
        get;
        init => field = Within(value, 0, 1);
    } = 0.5;

    /// <summary>Brightness is multiplied by 1 - this to 1 + this. Default 0 (off); up to 1.</summary>
    public double Brightness
    {
        get;
        init => field = Within(value, 0, 1);
    }

    /// <summary>Distance from the picture's mean grey is multiplied by 1 - this to 1 + this. Default 0 (off); up to 1.</summary>
    public double Contrast
    {
        get;
        init => field = Within(value, 0, 1);
    }

    /// <summary>Distance from each pixel's own grey is multiplied by 1 - this to 1 + this. Default 0 (off); up to 1.</summary>
    public double Saturation
    {
        get;
        init => field = Within(value, 0, 1);
    }

    /// <summary>Colours are turned around the wheel by up to this share of a full turn. Default 0 (off); up to 0.5.</summary>
    public double Hue
    {
        get;
        init => field = Within(value, 0, 0.5);
    }

    /// <summary>Probability of painting over a rectangle (random erasing, Zhong et al. 2017). Default 0 (off).</summary>
    public double ErasingProbability
    {
        get;
        init => field = Within(value, 0, 1);
    }

    /// <summary>Share of the area that is painted over. Default 0.02 to 0.33, the paper's; within 0 to 1.</summary>
    public Interval ErasingArea
    {
        get;
        init => field = Within(value, 0, 1);
    } = new(0.02, 0.33);

    /// <summary>Width to height of the painted rectangle. Default 0.3 to 3.3, the paper's; within 0.1 to 10.</summary>
    public Interval ErasingRatio
    {
        get;
        init => field = Within(value, 0.1, 10);
    } = new(0.3, 3.3);

    /// <summary>What is painted: by default CLIP's mean colour, which is 0 after normalisation.</summary>
    public Rgb24 ErasingFill { get; init; } = new(123, 117, 104);

    /// <summary>Probability of Gaussian noise on every sample (Rusak et al., arXiv 2001.06057). Default 0 (off).</summary>
    public double NoiseProbability
    {
        get;
        init => field = Within(value, 0, 1);
    }

    /// <summary>Standard deviation of the noise, as a share of the colour range. Default 0 to 0.2; within 0 to 1.</summary>
    public Interval NoiseDeviation
    {
        get;
        init => field = Within(value, 0, 1);
    } = new(0, 0.2);

    /// <summary>No change at all but the resize: the centre square.</summary>
    public static Augmentation None { get; } = new() { CropScale = null, FlipProbability = 0 };

    /// <summary>Whether any colour is changed.</summary>
    public bool ChangesColour => Brightness > 0 || Contrast > 0 || Saturation > 0 || Hue > 0;

    private static double Within(double value, double low, double high, [CallerMemberName] string name = "") =>
        value >= low && value <= high
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be between {low} and {high}.");

    private static Interval Within(Interval value, double low, double high, [CallerMemberName] string name = "") =>
        value.Low >= low && value.High <= high && value.Low <= value.High
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a range within {low} to {high}.");
}

/// <summary>A closed range of numbers.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end, not below <paramref name="Low"/>.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Interval(double Low, double High);
