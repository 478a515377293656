// Gradients of an answer with respect to pixels and token vectors.
using Duet.Data;
using Duet.Inference;
using Duet.Models;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Explanation;

/// <summary>
/// Gradient x input, and integrated gradients, of one product. Where its text is read in pieces, the mean over the pieces is explained.
/// </summary>
internal sealed class GradientScores(DuetModel model, ExplainedProduct product, int grid, CancellationToken cancellation)
{
    private const int Chunk = 16;
    private const double LeastDifference = 1e-6;

    /// <summary>The gradient at the input times its distance from the baseline.</summary>
    public Attribution AtInput(int task, int label)
    {
        var (words, cells, _) = Integrate(task, label, [1]);
        return new Attribution(ExplanationMethod.Gradient, words, cells);
    }

    /// <summary>Integrated gradients by the midpoint rule.</summary>
    public Attribution Integrated(int task, int label, int steps)
    {
        var (words, cells, sum) = Integrate(task, label, [.. Enumerable.Range(0, steps).Select(step => (step + 0.5f) / steps)]);
        var difference = product.Pieces.Average(piece =>
        {
            var ends = model.Forward.Use(
                model.Preparation.Batch([piece]),
                batch => Pass(batch, piece, task, label, [0, 1], gradients: false, out _, out _).ToArray()
            );
            return (double)(ends[1] - ends[0]);
        });
        return new Attribution(ExplanationMethod.IntegratedGradients, words, cells)
        {
            CompletenessGap = Math.Abs(sum - difference) / Math.Max(Math.Abs(difference), LeastDifference),
        };
    }

    private (double[]? Words, PatchGrid? Cells, double Sum) Integrate(int task, int label, float[] places)
    {
        var tokens = new List<double[]>();
        double[]? pixels = null;
        foreach (var piece in product.Pieces)
        {
            double[]? own = null;
            foreach (var chunk in places.Chunk(Chunk))
            {
                cancellation.ThrowIfCancellationRequested();
                var (token, pixel) = model.Forward.Use(
                    model.Preparation.Batch([piece]),
                    batch => Contributions(batch, piece, task, label, chunk),
                    gradients: true
                );
                var weight = chunk.Length / (double)places.Length / product.Pieces.Count;
                own = Added(own, token, weight);
                pixels = Added(pixels, pixel, weight);
            }

            tokens.AddRange(own is null ? [] : [own]);
        }

        var words = tokens.Count == 0 ? null : WordScores.OfTokens(product.Words, tokens);
        var cells = pixels is null ? null : Cells(pixels);
        return (words, cells, tokens.Sum(piece => piece.Sum()) + (pixels?.Sum() ?? 0));
    }

    // The mean over places of gradient times distance: per token [L] and per pixel [S * S].
    private (double[]? Tokens, double[]? Pixels) Contributions(Batch batch, EncodedProduct piece, int task, int label, float[] places)
    {
        var score = Pass(batch, piece, task, label, places, gradients: true, out var pixels, out var tokens);
        List<Tensor> inputs = [];
        if (product.SeesPicture)
        {
            inputs.Add(pixels);
        }

        if (tokens is { } seen && product.SeesText)
        {
            inputs.Add(seen.Varied);
        }

        var gradients = score.sum().GradientsOf([.. inputs]);
        double[]? perPixel = null,
            perToken = null;
        if (product.SeesPicture)
        {
            perPixel = gradients[0] is { } gradient
                ? Doubles((gradient.to(ScalarType.Float32).mean([0]) * batch.Pixels.select(0, 0)).sum([0]))
                : new double[product.Side * product.Side];
        }

        if (tokens is { } found && product.SeesText)
        {
            perToken = new double[piece.TokenIds.Length];
            var first = model.Model.Tokens!.FirstToken;
            var values = gradients[^1] is { } gradient ? Doubles((gradient.to(ScalarType.Float32).mean([0]) * found.Whole).sum(1)) : [];
            for (var i = 0; i < values.Length && i + first < perToken.Length; i++)
            {
                perToken[i + first] = values[i];
            }
        }

        return (perToken, perPixel);
    }

    // The log-odds [K] of the class at K places between baseline (0) and product (1); the inputs there, and the distance of the tokens'
    // vectors from theirs.
    private Tensor Pass(
        Batch batch,
        EncodedProduct piece,
        int task,
        int label,
        float[] places,
        bool gradients,
        out Tensor pixels,
        out (Tensor Varied, Tensor Whole)? tokens
    )
    {
        var place = Tensors.From(places, places.Length, 1, 1).to(batch.Pixels.device);
        var many = batch.Select(zeros([places.Length], dtype: ScalarType.Int64, device: batch.Pixels.device));
        pixels = (many.Pixels * place.unsqueeze(3)).detach();
        pixels.requires_grad = gradients;
        (Tensor Varied, Tensor Whole)? seen = null;
        var table = model.Model.Tokens;
        try
        {
            if (table is not null)
            {
                table.Table.Replace = vectors =>
                {
                    var content = Content(vectors, piece, table.FirstToken);
                    var varied = ((vectors * (content.SubtractedFrom(1))).Plus(vectors * content * place)).detach();
                    varied.requires_grad = gradients;
                    seen = (varied, (vectors * content).select(0, 0).to(ScalarType.Float32).detach());
                    return varied;
                };
            }

            var logits = model.Model.Forward(many with { Pixels = pixels }).Logits[task];
            tokens = seen;
            return LogOdds.Of(logits, model.Schema.Tasks[task], label);
        }
        finally
        {
            if (table is not null)
            {
                table.Table.Replace = null;
            }
        }
    }

    // 1 for tokens between start and end, [1, L, 1]; the others belong to no word and stay as they are.
    private Tensor Content(Tensor vectors, EncodedProduct piece, int firstToken)
    {
        var content = new float[vectors.size(1)];
        for (var i = 0; i < content.Length; i++)
        {
            content[i] = i + firstToken >= product.StartLength && i + firstToken < piece.TokenIds.Length - 1 ? 1 : 0;
        }

        return Tensors.From(content, 1, content.Length, 1).to(vectors.device);
    }

    private PatchGrid Cells(double[] pixels)
    {
        var cells = new double[grid * grid];
        var side = product.Side;
        for (var cell = 0; cell < cells.Length; cell++)
        {
            for (var y = cell / grid * side / grid; y < ((cell / grid) + 1) * side / grid; y++)
            {
                for (var x = cell % grid * side / grid; x < ((cell % grid) + 1) * side / grid; x++)
                {
                    cells[cell] += pixels[(y * side) + x];
                }
            }
        }

        return new PatchGrid(grid, grid, cells);
    }

    private static double[] Doubles(Tensor values) => Array.ConvertAll(values.detach().contiguous().ToArray(), value => (double)value);

    private static double[]? Added(double[]? to, double[]? values, double weight) =>
        values is null ? to : [.. values.Select((value, i) => (to?[i] ?? 0) + (weight * value))];
}
