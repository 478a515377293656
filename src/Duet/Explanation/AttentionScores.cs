// Attention as scores of words and patches, and from words to patches.
using Duet.Data;
using Duet.Inference;
using Duet.Models;
using Duet.Models.Attention;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Explanation;

/// <summary>The attention of one forward pass over one product, read in managed memory; where its text is read in pieces, the mean over the
/// pieces.</summary>
internal sealed class AttentionScores(DuetModel model, ExplainedProduct product, int grid)
{
    /// <summary>What the attention of a product can say: blocks, and the side of the system's own patches (0 where it has none).</summary>
    public static (int Layers, int PatchRows) Shape(DuetModel model, ExplainedProduct product) =>
        Ask(
            model,
            product.Pieces[0],
            flow => flow.IsEmpty ? (0, 0) : (flow.LayerCount, flow.Steps.Max(step => Math.Max(step.Columns.PatchRows, step.Rows.PatchRows)))
        );

    /// <summary>The scores for a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="layer">The block; null for rollout.</param>
    public Attribution Of(int task, int? layer)
    {
        var share = 1.0 / product.Pieces.Count;
        var tokens = new List<double[]>();
        PatchGrid? patches = null;
        foreach (var piece in product.Pieces)
        {
            var (words, cells) = Ask(model, piece, flow => Read(flow, task, layer, piece));
            tokens.AddRange(words is null ? [] : [Array.ConvertAll(words, score => share * score)]);
            patches = cells is null
                ? patches
                : cells with
                {
                    Scores = [.. cells.Scores.Select((score, i) => (share * score) + (patches?.Scores[i] ?? 0))],
                };
        }

        return new Attribution(
            layer is null ? ExplanationMethod.Rollout : ExplanationMethod.Attention,
            product.SeesText && tokens.Count > 0 ? WordScores.OfTokens(product.Words, tokens) : null,
            product.SeesPicture ? patches?.Resample(grid, grid) : null
        );
    }

    /// <summary>Which patches each word looks at, on the system's own grid; null where words do not look at patches.</summary>
    /// <param name="layer">The block; null for rollout.</param>
    public WordMaps? Words(int? layer)
    {
        if (!product.SeesText || !product.SeesPicture)
        {
            return null;
        }

        Dictionary<TokenPlace, PatchGrid>? maps = null;
        for (var piece = 0; piece < product.Pieces.Count; piece++)
        {
            var (found, first) = Ask(model, product.Pieces[piece], flow => ByToken(flow, layer));
            for (var token = 0; token < found?.Length; token++)
            {
                (maps ??= [])[new TokenPlace(piece, token + first)] = found[token];
            }
        }

        return maps is null
            ? null
            : new WordMaps(
                layer is null ? ExplanationMethod.Rollout : ExplanationMethod.Attention,
                layer,
                [.. product.Words.Select(word => OfWord(word, maps))]
            );
    }

    private (double[]? Words, PatchGrid? Cells) Read(AttentionFlow flow, int task, int? layer, EncodedProduct piece)
    {
        double[]? words = null;
        PatchGrid? cells = null;
        foreach (var (space, mass) in flow.FromAnswer(task, layer))
        {
            var values = mass.reshape(-1).contiguous().ToArray();
            words = Tokens(space, values, piece.TokenIds.Length, words);
            cells = Patches(space, values, cells);
        }

        return (words, cells);
    }

    private static (PatchGrid[]? Maps, int First) ByToken(AttentionFlow flow, int? layer)
    {
        PatchGrid[]? byToken = null;
        foreach (var (space, mass) in flow.FromTokens(layer).Where(pair => pair.Key.PatchCount > 0))
        {
            byToken =
            [
                .. Enumerable
                    .Range(0, (int)mass.size(1))
                    .Select(token => Patches(space, mass.select(0, 0).select(0, token).contiguous().ToArray(), byToken?[token])!),
            ];
        }

        return (byToken, flow.TokenSpace?.FirstToken ?? 0);
    }

    private static T Ask<T>(DuetModel model, EncodedProduct piece, Func<AttentionFlow, T> read) =>
        model.Forward.Use(
            model.Preparation.Batch([piece]),
            batch =>
            {
                return read(model.Model.Attend(batch));
            }
        );

    private static PatchGrid? OfWord(TextUnit word, Dictionary<TokenPlace, PatchGrid> maps)
    {
        PatchGrid[] own = [.. word.Places.Where(maps.ContainsKey).Select(place => maps[place])];
        return !word.Seen || own.Length == 0
            ? null
            : own[0] with
            {
                Scores = [.. own[0].Scores.Select((_, cell) => own.Average(map => map.Scores[cell]))],
            };
    }

    private static double[]? Tokens(AttentionSpace space, float[] mass, int length, double[]? before)
    {
        if (space.TextCount == 0)
        {
            return before;
        }

        var tokens = before ?? new double[length];
        for (var i = 0; i < space.TextCount && i + space.FirstToken < tokens.Length; i++)
        {
            tokens[i + space.FirstToken] += mass[space.TextStart + i];
        }

        return tokens;
    }

    private static PatchGrid? Patches(AttentionSpace space, float[] mass, PatchGrid? before) =>
        space.PatchCount == 0
            ? before
            : new PatchGrid(
                space.PatchRows,
                space.PatchColumns,
                [.. Enumerable.Range(0, space.PatchCount).Select(i => mass[space.PatchStart + i] + (before?.Scores[i] ?? 0))]
            );
}

/// <summary>A token's place.</summary>
/// <param name="Piece">Its row: 0, or the number of the piece where a long text is read in pieces.</param>
/// <param name="Place">Its place in that row, counted from the row's first id.</param>
public readonly record struct TokenPlace(int Piece, int Place);
