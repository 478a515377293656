// Published novelty scores of products, all from the same forward passes.
using Duet.Data;
using Duet.Inference;
using Duet.Metrics.Novelty;
using Duet.Text;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Benchmarks;

/// <summary>
/// Scores that rise with novelty: least probability of the answers (Hendrycks and Gimpel 2017), energy (Liu et al. 2020), Mahalanobis
/// distance (Lee et al. 2018) and distance to the fifth nearest neighbour (Sun et al. 2022) of the joint embedding, statistics of the
/// picture (Mittal et al. 2013), surprisal of the tokens (Arora et al. 2021), share of tokens that the reference never had, and the
/// combination that Duet uses.
/// </summary>
internal sealed class NoveltyScores
{
    private const int Neighbour = 5;
    private const double FitShare = 0.3;

    private readonly DuetModel _model;
    private readonly NoveltyReference _reference;
    private readonly GaussianReference _embeddings;
    private readonly List<float[]> _neighbours;
    private readonly HashSet<int> _known;
    private readonly NoveltyLimit _limit;

    /// <summary>Makes references of the first part of the rows, and limits of the rest.</summary>
    public NoveltyScores(DuetModel model, IReadOnlyList<ProductInput> rows, IEnumerable<string> trainingTexts, double outside)
    {
        _model = model;
        var seen = Look(rows);
        var cut = (int)(FitShare * seen.Count);
        var (fit, rest) = (seen[..cut], seen[cut..]);
        var texts = new TextReference();
        seen.ForEach(row => texts.Add(row.Input.Text ?? []));
        foreach (var text in trainingTexts)
        {
            var row = model.Tokenizer.Encode(text, model.Inputs.ContextLength);
            texts.Add(row.Ids.AsSpan(0, row.Length));
        }

        _reference = new NoveltyReference
        {
            Picture = fit[0].Input.Picture is null
                ? null
                : GaussianReference.Fit([.. fit.Select(row => row.Input.Picture!)], PictureStatistics.Count),
            Text = texts,
        };
        _embeddings = GaussianReference.Fit([.. fit.Select(row => row.Input.Embedding)], 32);
        _neighbours = [.. fit.Select(row => Unit(row.Input.Embedding))];
        _known = [.. fit.SelectMany(row => row.Input.Text ?? [])];
        _limit = NoveltyLimit.Find(_reference, [.. fit.Select(row => row.Input)], [.. rest.Select(row => row.Input)], _ => true, outside);
        Limits =
        [
            .. Score(rest, own: true)
                .Select(values =>
                    values.Length == 0 ? double.NaN : values.Order().ElementAt((int)Math.Ceiling((1 - outside) * (values.Length + 1)) - 1)
                ),
        ];
    }

    /// <summary>The scores, in their order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    ["least probability", "energy", "Mahalanobis", "5th neighbour", "picture statistics", "surprisal", "unknown tokens", "**combined**"];

    /// <summary>The limit of each score, which one in a hundred of the rows exceeds.</summary>
    public IReadOnlyList<double> Limits { get; }

    /// <summary>The scores of products, one list per score; empty where the products lack the part.</summary>
    public IReadOnlyList<double[]> Of(IReadOnlyList<ProductInput> products) => Score(Look(products), own: false);

    private List<double[]> Score(List<Seen> rows, bool own) =>
        [
            [.. rows.Select(row => row.LeastProbability)],
            [.. rows.Select(row => row.Energy)],
            [.. rows.Select(row => _embeddings.Distance(row.Input.Embedding))],
            [.. rows.Select(row => Distance(Unit(row.Input.Embedding)))],
            rows[0].Input.Picture is null ? [] : [.. rows.Select(row => _reference.Picture!.Distance(row.Input.Picture!))],
            rows[0].Input.Text is null
                ? []
                :
                [
                    .. rows.Select(row =>
                        own ? _reference.Text!.SurprisalOfOwn(row.Input.Text!) : _reference.Text!.Surprisal(row.Input.Text!)
                    ),
                ],
            rows[0].Input.Text is null
                ? []
                : [.. rows.Select(row => (double)row.Input.Text!.Count(token => !_known.Contains(token)) / row.Input.Text!.Length)],
            [.. rows.Select(row => _limit.Score(_reference, row.Input, own).Score)],
        ];

    private List<Seen> Look(IReadOnlyList<ProductInput> products)
    {
        var (seen, reader) = (new List<Seen>(), new InputReader(_model.Forward, _model.Features));
        foreach (var chunk in products.Chunk(_model.Options.BatchSize))
        {
            var host = _model.Preparation.Batch(_model.Preparation.PrepareMany(chunk, CancellationToken.None));
            var result = _model.Forward.Run(host, embeddings: true);
            var logits = _model.Forward.Use(host, batch => _model.Model.Forward(batch).Logits.Select(task => task.ToArray()).ToList());
            seen.AddRange(
                Enumerable
                    .Range(0, host.Count)
                    .Select(row => new Seen(
                        reader.Novelty(host, result, row),
                        -result.Probabilities.Average(task => Math.Log(Row(task, host, row).Max())),
                        -logits.Average(task => LogSum(Row(task, host, row)))
                    ))
            );
        }

        return seen;
    }

    private static float[] Row(float[] values, ProductBatch host, int row)
    {
        var width = values.Length / host.Count;
        return values[(row * width)..((row + 1) * width)];
    }

    private static double LogSum(float[] logits) => logits.Max() + Math.Log(logits.Sum(logit => Math.Exp(logit - logits.Max())));

    private static float[] Unit(float[] vector)
    {
        var length = MathF.Sqrt(vector.Sum(value => value * value));
        return Array.ConvertAll(vector, value => value / length);
    }

    private double Distance(float[] vector) =>
        _neighbours.Select(other => 2 - (2 * vector.Zip(other, (a, b) => (double)a * b).Sum())).Order().ElementAt(Neighbour - 1);

    private sealed record Seen(NoveltyInput Input, double LeastProbability, double Energy);
}
