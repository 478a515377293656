// How the built-in catalogue is drawn.

namespace Duet.Data;

/// <summary>
/// Size and difficulty of the built-in catalogue. For category and colour three shares decide where the signal is: only in the
/// picture (the word is dropped), only in the title (the picture hides it), or in both. Pattern is always in the picture only,
/// material and gender always in the title only. With the defaults neither picture nor title alone gets far, and both together can
/// answer everything.
/// </summary>
public sealed record SyntheticOptions
{
    /// <summary>Number of products; from 10 to 1,000,000.</summary>
    public int Count { get; init; } = 1500;

    /// <summary>Side of the pictures in pixels; from 32 to 512.</summary>
    public int ImageSize { get; init; } = 96;

    /// <summary>The seed of everything: the same seed and options give the same catalogue, byte for byte.</summary>
    public ulong Seed { get; init; } = 17;

    /// <summary>Share of products whose title does not name the category.</summary>
    public double CategoryOnlyInPicture { get; init; } = 0.35;

    /// <summary>Share of products whose picture shows a folded parcel of the fabric, so that only the title names the category.</summary>
    public double CategoryOnlyInTitle { get; init; } = 0.3;

    /// <summary>Share of products whose title does not name the colour.</summary>
    public double ColorOnlyInPicture { get; init; } = 0.35;

    /// <summary>Share of products with a greyscale picture of random brightness, so that only the title names the colour.</summary>
    public double ColorOnlyInTitle { get; init; } = 0.3;

    /// <summary>Share of labels left empty.</summary>
    public double MissingLabels { get; init; } = 0.03;

    /// <summary>Share of labels replaced by another class of the task: what no model can get right.</summary>
    public double WrongLabels { get; init; }

    /// <summary>Greatest change of a colour channel by noise, from 0 to 64.</summary>
    public int Noise { get; init; } = 10;

    /// <summary>Share of the products for validation.</summary>
    public double Validation { get; init; } = 0.15;

    /// <summary>Share of the products for test.</summary>
    public double Test { get; init; } = 0.2;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="TableException">An option is out of range.</exception>
    public void Validate()
    {
        Check(Count, 10, 1_000_000, nameof(Count));
        Check(ImageSize, 32, 512, nameof(ImageSize));
        Check(Noise, 0, 64, nameof(Noise));
        Check(CategoryOnlyInPicture, 0, 1, nameof(CategoryOnlyInPicture));
        Check(CategoryOnlyInTitle, 0, 1 - CategoryOnlyInPicture, nameof(CategoryOnlyInTitle));
        Check(ColorOnlyInPicture, 0, 1, nameof(ColorOnlyInPicture));
        Check(ColorOnlyInTitle, 0, 1 - ColorOnlyInPicture, nameof(ColorOnlyInTitle));
        Check(MissingLabels, 0, 0.9, nameof(MissingLabels));
        Check(WrongLabels, 0, 0.9, nameof(WrongLabels));
        Check(Validation, 0, 0.9, nameof(Validation));
        Check(Test, 0, 0.9 - Validation, nameof(Test));
    }

    private static void Check(double value, double least, double most, string name)
    {
        if (!(value >= least && value <= most))
        {
            throw new TableException($"SyntheticOptions.{name} is {value}; it must be between {least} and {most}.");
        }
    }
}

/// <summary>Which of picture and title carries the answer.</summary>
public enum RelevantModality
{
    /// <summary>Only the picture.</summary>
    Image,

    /// <summary>Only the title.</summary>
    Text,

    /// <summary>Each of them alone is enough.</summary>
    Both,
}
