// Another view of a training text in every epoch.
using Duet.Text;

namespace Duet.Data;

/// <summary>
/// Leaves tokens out and splits others into the parts they were merged from, again and again, each with its probability: the second is
/// BPE-dropout (Provilkov et al., arXiv 1910.13267) on ids, which teaches a model what rare words are made of.
/// Every draw depends on seed, epoch and row alone.
/// </summary>
internal sealed class TokenVariation(
    double dropProbability,
    double splitProbability,
    ISplittingTokenizer? tokenizer,
    int contextLength,
    int startLength = 1
)
{
    // Keeps this draw apart from others for the same seed, epoch and row.
    private const ulong Purpose = 0x74_6F_6B_65_6E;

    /// <summary>The ids to train on; start and end stay, and the row never outgrows the context.</summary>
    public int[] Apply(int[] ids, TrainingView view, long row)
    {
        if (dropProbability == 0 && (splitProbability == 0 || tokenizer is null))
        {
            return ids;
        }

        var random = new CounterRandom(view.Seed ^ Purpose, (ulong)view.Epoch, (ulong)row);
        var result = new List<int>(ids.Length + 8);
        result.AddRange(ids.AsSpan(0, startLength));
        for (var i = startLength; i < ids.Length - 1; i++)
        {
            if (random.NextDouble() >= dropProbability)
            {
                Add(result, ids[i], ref random);
            }
        }

        if (result.Count > contextLength - 1)
        {
            result.RemoveRange(contextLength - 1, result.Count - contextLength + 1);
        }

        result.Add(ids[^1]);
        return [.. result];
    }

    private void Add(List<int> result, int id, ref CounterRandom random)
    {
        if (
            splitProbability > 0
            && tokenizer is not null
            && tokenizer.TrySplit(id, out var left, out var right)
            && random.NextDouble() < splitProbability
        )
        {
            Add(result, left, ref random);
            Add(result, right, ref random);
        }
        else
        {
            result.Add(id);
        }
    }
}

/// <summary>Seed and epoch; with a product's row they decide which of its pictures is shown and how it is altered.</summary>
internal readonly record struct TrainingView(ulong Seed, long Epoch)
{
    // Keeps this draw apart from others for the same seed, epoch and row.
    private const ulong Purpose = 0x70_69_63_74_75_72_65;

    // And this one apart from that.
    private const ulong TextPurpose = 0x70_69_65_63_65;

    /// <summary>Which piece of a long text to show.</summary>
    public int Piece(long row, int count) => new CounterRandom(Seed ^ TextPurpose, (ulong)Epoch, (ulong)row).Next(count);

    /// <summary>Which of several pictures to show.</summary>
    public int FirstImage(long row, int count) => new CounterRandom(Seed ^ Purpose, (ulong)Epoch, (ulong)row).Next(count);
}
