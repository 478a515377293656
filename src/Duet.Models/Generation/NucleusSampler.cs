// Nucleus sampling.
namespace Duet.Models.Generation;

/// <summary>
/// Draws from the most likely tokens that together hold the wanted probability (Holtzman et al., arXiv 1904.09751), after the temperature.
/// </summary>
internal sealed class NucleusSampler(CaptionOptions options)
{
#pragma warning disable CA5394 // Captions are drawn, not secrets: a seeded generator is what makes them repeatable.
    private readonly Random _random = new(options.Seed);

    /// <summary>A token's id.</summary>
    /// <param name="logProbabilities">Of every token.</param>
    public int Draw(float[] logProbabilities)
    {
        var largest = logProbabilities.Max();
        var weights = Array.ConvertAll(logProbabilities, score => Math.Exp((score - largest) / options.Temperature));
        var order = Enumerable.Range(0, weights.Length).OrderByDescending(id => weights[id]).ToArray();
        var wanted = weights.Sum() * options.TopP;
        var (kept, held) = (0, 0.0);
        while (kept < order.Length && held < wanted)
        {
            held += weights[order[kept++]];
        }

        var point = _random.NextDouble() * held;
        foreach (var id in order.Take(kept))
        {
            point -= weights[id];
            if (point < 0)
            {
                return id;
            }
        }

        return order[kept - 1];
    }
#pragma warning restore CA5394
}
