// Attention as scores of words and patches, and from words to patches.
using Duet.Models;
using Duet.Models.Attention;
using Duet.Torch;

namespace Duet.Explanation;

/// <summary>The attention of one forward pass over one product, read in managed memory.</summary>
internal sealed class AttentionScores(DuetModel model, ExplainedProduct product, int grid)
{
    /// <summary>What the attention of a product can say: blocks, and the side of the system's own patches (0 where it has none).</summary>
    public static (int Layers, int PatchRows) Shape(DuetModel model, ExplainedProduct product) => Ask(model, product, flow => flow.IsEmpty
        ? (0, 0)
        : (flow.LayerCount, flow.Steps.Max(step => Math.Max(step.Columns.PatchRows, step.Rows.PatchRows))));

    /// <summary>The scores for a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="layer">The block; null for rollout.</param>
    public Attribution Of(int task, int? layer)
    {
        var (tokens, patches) = Ask(model, product, flow =>
        {
            double[]? words = null;
            PatchGrid? cells = null;
            foreach (var (space, mass) in flow.FromAnswer(task, layer))
            {
                var values = mass.Reshape(-1).Contiguous().ToArray();
                words = Tokens(space, values, words);
                cells = Patches(space, values, cells);
            }

            return (words, cells);
        });
        return new Attribution(
            layer is null ? ExplanationMethod.Rollout : ExplanationMethod.Attention,
            product.SeesText && tokens is not null ? WordScores.OfTokens(product.Words, tokens) : null,
            product.SeesPicture ? patches?.Resample(grid, grid) : null);
    }

    /// <summary>Which patches each word looks at, on the system's own grid; null where words do not look at patches.</summary>
    /// <param name="layer">The block; null for rollout.</param>
    public WordMaps? Words(int? layer)
    {
        if (!product.SeesText || !product.SeesPicture)
        {
            return null;
        }

        var maps = Ask(model, product, flow =>
        {
            PatchGrid[]? byToken = null;
            foreach (var (space, mass) in flow.FromTokens(layer).Where(pair => pair.Key.PatchCount > 0))
            {
                byToken = [.. Enumerable.Range(0, (int)mass.Size(1)).Select(token => Patches(space, mass.Select(0, 0).Select(0, token).Contiguous().ToArray(), byToken?[token])!)];
            }

            return (Maps: byToken, First: flow.TokenSpace?.FirstToken ?? 0);
        });
        return maps.Maps is { } found
            ? new WordMaps(layer is null ? ExplanationMethod.Rollout : ExplanationMethod.Attention, layer, [.. product.Words.Select(word => OfWord(word, found, maps.First))])
            : null;
    }

    private static T Ask<T>(DuetModel model, ExplainedProduct product, Func<AttentionFlow, T> read) => model.Runner.Use(
        model.Preparation.Batch([product.Prepared]),
        batch =>
        {
            var trace = new ModelTrace();
            model.Model.Forward(batch, trace);
            return read(trace.Flow);
        });

    private static PatchGrid? OfWord(TextUnit word, PatchGrid[] maps, int first)
    {
        PatchGrid[] own = [.. Enumerable.Range(word.FirstToken - first, word.TokenCount).Where(token => token >= 0 && token < maps.Length).Select(token => maps[token])];
        return !word.Seen || own.Length == 0
            ? null
            : own[0] with { Scores = [.. own[0].Scores.Select((_, cell) => own.Average(map => map.Scores[cell]))] };
    }

    private double[]? Tokens(AttentionSpace space, float[] mass, double[]? before)
    {
        if (space.TextCount == 0)
        {
            return before;
        }

        var tokens = before ?? new double[product.Prepared.Tokens.Length];
        for (var i = 0; i < space.TextCount && i + space.FirstToken < tokens.Length; i++)
        {
            tokens[i + space.FirstToken] += mass[space.TextStart + i];
        }

        return tokens;
    }

    private static PatchGrid? Patches(AttentionSpace space, float[] mass, PatchGrid? before) => space.PatchCount == 0
        ? before
        : new PatchGrid(space.PatchRows, space.PatchColumns, [.. Enumerable.Range(0, space.PatchCount).Select(i => mass[space.PatchStart + i] + (before?.Scores[i] ?? 0))]);
}
