// Beam search for one sequence.
namespace Duet.Models.Generation;

/// <summary>
/// Keeps the most likely unfinished candidates; finished ones are scored by log-probability / generated tokens ^ penalty. It stops when no
/// unfinished candidate can beat the finished ones any more, or at the maximum length.
/// </summary>
internal sealed class BeamSearch(CaptionOptions options)
{
    private readonly List<Candidate> _finished = [];

    /// <summary>The best sequence, start token first, with its end token where it has one.</summary>
    /// <param name="logProbabilities">Log-probabilities of the next token for each of the prefixes.</param>
    public long[] Run(Func<IReadOnlyList<long[]>, float[][]> logProbabilities)
    {
        List<Candidate> beam = [new([options.StartId], 0)];
        while (beam.Count > 0 && beam[0].Ids.Length < options.MaximumLength && !IsDecided(beam))
        {
            var scores = logProbabilities([.. beam.Select(candidate => candidate.Ids)]);
            var extended = beam.SelectMany((candidate, k) => Extend(candidate, scores[k]))
                .OrderByDescending(candidate => candidate.Score)
                .ToList();
            beam = [];

            // Among the best 2 n extensions at most n end, so n unfinished ones remain.
            foreach (var candidate in extended.Take(2 * options.Beams))
            {
                if (candidate.Ids[^1] == options.EndId)
                {
                    _finished.Add(candidate);
                }
                else if (beam.Count < options.Beams)
                {
                    beam.Add(candidate);
                }
            }
        }

        return _finished.Concat(beam).MaxBy(Normalized)!.Ids;
    }

    private IEnumerable<Candidate> Extend(Candidate candidate, float[] scores) =>
        Enumerable
            .Range(0, scores.Length)
            .Where(id => !float.IsNegativeInfinity(scores[id]))
            .OrderByDescending(id => scores[id])
            .Take(2 * options.Beams)
            .Select(id => new Candidate([.. candidate.Ids, id], candidate.Score + scores[id]));

    private double Normalized(Candidate candidate) =>
        candidate.Score / Math.Pow(Math.Max(1, candidate.Ids.Length - 1), options.LengthPenalty);

    // Log-probabilities only fall, so a candidate's best hope is its present sum at the length that flatters it most.
    private bool IsDecided(List<Candidate> beam)
    {
        if (_finished.Count < options.Beams)
        {
            return false;
        }

        var flattering = options.LengthPenalty > 0 ? options.MaximumLength - 1 : beam[0].Ids.Length;
        return _finished.Max(Normalized) >= beam[0].Score / Math.Pow(flattering, options.LengthPenalty);
    }

    private sealed record Candidate(long[] Ids, double Score);
}
