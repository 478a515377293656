// How batches are made and how far ahead.
namespace Duet.Data;

/// <summary>How products are batched and prefetched.</summary>
public sealed record LoaderOptions
{
    /// <summary>Products per batch, B; from 1 to 65,536.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Whether each epoch has its own order.</summary>
    public bool Shuffle { get; init; }

    /// <summary>Whether pictures are randomly altered (training) or shown as they are (evaluation).</summary>
    public bool Augment { get; init; }

    /// <summary>Probability that a token of a training text is left out; from 0 to 0.9. Counts with <see cref="Augment"/> only.</summary>
    public double TokenDropout { get; init; }

    /// <summary>Probability that a token of a training text is split into its parts; from 0 to 0.9. Counts with <see cref="Augment"/>
    /// only.</summary>
    public double TokenSplit { get; init; }

    /// <summary>The seed of orders and alterations.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether an epoch's last batch is left out where it is not full.</summary>
    public bool DropLast { get; init; }

    /// <summary>Worker threads; from 1 to 256. Default half the cores: decoding must not starve the threads that compute.</summary>
    public int Workers { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>The most finished batches that wait for the trainer; from 1 to 1,024.</summary>
    public int Prefetch { get; init; } = 4;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="TableException">An option is out of range.</exception>
    public void Validate()
    {
        Check(BatchSize, 65_536, nameof(BatchSize));
        Check(Workers, 256, nameof(Workers));
        Check(Prefetch, 1024, nameof(Prefetch));
        Check(TokenDropout, nameof(TokenDropout));
        Check(TokenSplit, nameof(TokenSplit));
    }

    private static void Check(double probability, string name)
    {
        if (!(probability is >= 0 and <= 0.9))
        {
            throw new TableException($"{name} is {probability}; it must be between 0 and 0.9, or no text remains.");
        }
    }

    private static void Check(int value, int most, string name)
    {
        if (value < 1 || value > most)
        {
            throw new TableException($"{name} is {value}; it must be between 1 and {most}.");
        }
    }
}
