// How thoroughly a data set is checked.

namespace Duet.Data.Checks;

/// <summary>Options of <see cref="DataChecker"/>.</summary>
public sealed record DataCheckOptions
{
    /// <summary>The column that names each row's language or country; null to use the script of the text.</summary>
    public string? LanguageColumn { get; init; }

    /// <summary>Threads that decode pictures and learn, 1 to 1024.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Most bits by which the 64-bit difference hashes of two pictures that look alike may differ, 0 to 7.</summary>
    public int NearBits { get; init; } = 7;

    /// <summary>Most mean difference between the 16 x 16 grey versions of two pictures that look alike, 0 to 64 of 255 steps; small colour
    /// versions may differ by four times as much anywhere.</summary>
    public double NearDifference { get; init; } = 4;

    /// <summary>Parts of the table for out-of-fold predictions, 2 to 20.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Most rows that a fold's model learns from, 100 to 10 million; more are sampled.</summary>
    public int MostTrainingRows { get; init; } = 50_000;

    /// <summary>The seed of folds and sampling.</summary>
    public ulong Seed { get; init; } = 17;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="TableException">An option is out of range.</exception>
    public void Validate()
    {
        Check(Threads, 1, 1024, nameof(Threads));
        Check(NearBits, 0, 7, nameof(NearBits));
        Check(NearDifference, 0, 64, nameof(NearDifference));
        Check(Folds, 2, 20, nameof(Folds));
        Check(MostTrainingRows, 100, 10_000_000, nameof(MostTrainingRows));
    }

    private static void Check(double value, double least, double most, string name)
    {
        if (!(value >= least && value <= most))
        {
            throw new TableException($"DataCheckOptions.{name} is {value}; it must be between {least} and {most}.");
        }
    }
}

/// <summary>The state of a check.</summary>
/// <param name="Stage">What is done now, such as "decoding pictures".</param>
/// <param name="Done">How much of it is done.</param>
/// <param name="Total">How much there is; 0 where that is not known.</param>
public sealed record DataCheckProgress(string Stage, int Done, int Total);
