// Walks scored decisions from the surest to the least sure, equal scores together.
namespace Duet.Metrics;

internal static class RankedDecisions
{
    /// <summary>One step per distinct score, descending: what a threshold there accepts.</summary>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static List<(float Threshold, long Accepted, long Right)> Steps(ReadOnlySpan<float> scores, ReadOnlySpan<bool> right)
    {
        if (scores.Length != right.Length)
        {
            throw new ArgumentException($"{scores.Length} scores and {right.Length} outcomes do not pair up.", nameof(right));
        }

        var keys = scores.ToArray();
        var outcomes = right.ToArray();
        Array.Sort(keys, outcomes);
        var steps = new List<(float Threshold, long Accepted, long Right)>();
        long correct = 0;
        for (var i = keys.Length - 1; i >= 0; i--)
        {
            correct += outcomes[i] ? 1 : 0;
            if (i == 0 || keys[i - 1] != keys[i])
            {
                steps.Add((keys[i], keys.Length - i, correct));
            }
        }

        return steps;
    }
}
