// What an answer loses with every word and every part of the picture.
using Duet.Data;
using Duet.Inference;

namespace Duet.Explanation;

/// <summary>Occlusion, for all tasks at once.</summary>
internal sealed class OcclusionScores(ExplainedProduct product, int grid, CancellationToken cancellation)
{
    private readonly List<EncodedProduct> _variants = [product.Prepared];
    private readonly List<int> _wordVariants = [];
    private readonly List<(int Variant, int[] Cells)> _cellVariants = [];
    private float[][][]? _answers;

    /// <summary>The scores of a task's class.</summary>
    public Attribution Of(int task, int label)
    {
        _answers ??= Ask();
        var whole = LogOdds.Of(_answers[0][task][label]);
        double Loss(int variant) => whole - LogOdds.Of(_answers[variant][task][label]);
        double[]? words = product.SeesText ? [.. _wordVariants.Select(variant => variant < 0 ? 0 : Loss(variant))] : null;
        if (!product.SeesPicture)
        {
            return new Attribution(ExplanationMethod.Occlusion, words, null);
        }

        var (sums, counts) = (new double[grid * grid], new int[grid * grid]);
        foreach (var (variant, cells) in _cellVariants)
        {
            foreach (var cell in cells)
            {
                // The loss of a square belongs to its cells together.
                sums[cell] += Loss(variant) / cells.Length;
                counts[cell]++;
            }
        }

        return new Attribution(
            ExplanationMethod.Occlusion,
            words,
            new PatchGrid(grid, grid, [.. sums.Zip(counts, (sum, count) => sum / count)])
        );
    }

    private float[][][] Ask()
    {
        for (var word = 0; product.SeesText && word < product.Words.Count; word++)
        {
            _wordVariants.Add(product.Words[word].Seen ? _variants.Count : -1);
            if (product.Words[word].Seen)
            {
                _variants.Add(product.WithWords([.. product.Words.Select((_, i) => i != word)]));
            }
        }

        foreach (var size in product.SeesPicture ? (int[])(grid >= 3 ? [1, 2] : [1]) : [])
        {
            for (var place = 0; place < (grid - size + 1) * (grid - size + 1); place++)
            {
                var (top, left) = (place / (grid - size + 1), place % (grid - size + 1));
                int[] cells = [.. Enumerable.Range(0, size * size).Select(i => ((top + (i / size)) * grid) + left + (i % size))];
                _cellVariants.Add((_variants.Count, cells));
                _variants.Add(product.WithCells(grid, [.. Enumerable.Range(0, grid * grid).Select(cell => !cells.Contains(cell))]));
            }
        }

        return product.Probabilities(_variants, cancellation);
    }
}
