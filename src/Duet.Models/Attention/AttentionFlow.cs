// Follows attention from where an answer is read down to words and patches.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Attention;

/// <summary>
/// The attention of one forward pass as steps in the order of computation. Two ways to read it: one block alone, or rollout (Abnar and
/// Zuidema, "Quantifying Attention Flow in Transformers", arXiv 2005.00928): the product of (A + I) / 2 over all blocks, where the identity
/// is the residual sum, and heads are averaged. Cross-attention and parts of sequences are steps like any other.
/// </summary>
public sealed class AttentionFlow
{
    private readonly List<AttentionStep> _steps = [];
    private readonly List<AttentionReadOut> _readOuts = [];

    /// <summary>The steps, first computed first.</summary>
    public IReadOnlyList<AttentionStep> Steps => _steps;

    /// <summary>Where answers are read.</summary>
    public IReadOnlyList<AttentionReadOut> ReadOuts => _readOuts;

    /// <summary>Whether anything was recorded that leads from an answer to words or patches.</summary>
    public bool IsEmpty => _readOuts.Count == 0 || !_steps.Exists(step => step.Weights is not null);

    /// <summary>The number of blocks over the sequences that answers are read from.</summary>
    public int LayerCount => _readOuts.Count == 0 ? 0 : _readOuts.Max(readOut => LayersOf(readOut.Space));

    /// <summary>Records a stack of self-attention.</summary>
    /// <param name="space">The sequence.</param>
    /// <param name="attention">Every block's attention, <c>[B, H, L, L]</c>.</param>
    public void AddSelf(AttentionSpace space, IReadOnlyList<Tensor> attention)
    {
        ArgumentNullException.ThrowIfNull(attention);
        for (var layer = 0; layer < attention.Count; layer++)
        {
            _steps.Add(new AttentionStep(space, space, attention[layer]) { Layer = layer });
        }
    }

    /// <summary>Records one step.</summary>
    public void Add(AttentionStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        _steps.Add(step);
    }

    /// <summary>Records that some rows of a sequence are positions of another one, computed before.</summary>
    /// <param name="rows">The sequence.</param>
    /// <param name="rowStart">Its first row that comes from the other.</param>
    /// <param name="columns">The other sequence.</param>
    /// <param name="columnStart">The position of that row in it.</param>
    /// <param name="count">How many positions; all up to the shorter end where 0.</param>
    public void AddPart(AttentionSpace rows, int rowStart, AttentionSpace columns, int columnStart = 0, int count = 0)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(columns);
        _steps.Add(
            new AttentionStep(rows, columns, null)
            {
                RowStart = rowStart,
                ColumnStart = columnStart,
                Count = count > 0 ? count : Math.Min(rows.Length - rowStart, columns.Length - columnStart),
            }
        );
    }

    /// <summary>Records where an answer is read.</summary>
    public void Read(AttentionReadOut readOut)
    {
        ArgumentNullException.ThrowIfNull(readOut);
        _readOuts.Add(readOut);
    }

    /// <summary>Records a system of one stream: its blocks look from the joint sequence at itself, and every task is read at the first
    /// position.</summary>
    /// <param name="joint">The sequence.</param>
    /// <param name="attention">Every block's attention, <c>[B, H, L, L]</c>.</param>
    /// <param name="batch">The products.</param>
    public void ReadFirst(AttentionSpace joint, IReadOnlyList<Tensor> attention, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        AddSelf(joint, attention);
        Read(AttentionReadOut.At(joint, batch.Size, 0, batch.Pixels.device));
    }

    /// <summary>The joint sequence of picture and text; null where there is none.</summary>
    public AttentionSpace? Joint =>
        _steps
            .FindLast(step => step.Weights is not null && step.Rows == step.Columns && step.Rows is { TextCount: > 0, PatchCount: > 0 })
            ?.Rows;

    /// <summary>Attention from text tokens to picture patches, averaged over heads: <c>[B, text tokens, patches]</c> per block over the
    /// joint sequence; nothing where there is none.</summary>
    public IEnumerable<Tensor> TextToImage() =>
        Joint is not { } joint
            ? []
            : _steps
                .Where(step => step.Weights is not null && step.Rows == joint && step.Columns == joint)
                .Select(step =>
                    step.Weights!.narrow(2, joint.TextStart, joint.TextCount).narrow(3, joint.PatchStart, joint.PatchCount).mean([1])
                );

    /// <summary>How much each position of the input sequences counts for a task, at most 1 in all: <c>[B, 1, L]</c> per sequence.</summary>
    /// <param name="task">The task's number.</param>
    /// <param name="layer">One block alone, counted from 0; null for rollout over all.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such block.</exception>
    public IReadOnlyDictionary<AttentionSpace, Tensor> FromAnswer(int task, int? layer = null)
    {
        var start = new Dictionary<AttentionSpace, Tensor>();
        AttentionReadOut[] readOuts = [.. _readOuts.Where(readOut => readOut.Task is null || readOut.Task == task)];
        var total = readOuts.Select(readOut => readOut.Weights.sum(1, keepdim: true)).Aggregate((sum, one) => sum.Plus(one));
        foreach (var readOut in readOuts)
        {
            Give(start, readOut.Space, (readOut.Weights / total).unsqueeze(1));
        }

        return Follow(start, layer);
    }

    /// <summary>
    /// How much each text token looks at every position: <c>[B, T, L]</c> per sequence, T tokens of <see cref="TokenSpace"/>; empty where
    /// there is no sequence in which tokens look at patches.
    /// </summary>
    /// <param name="layer">One block alone, counted from 0; null for rollout over all.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such block.</exception>
    public IReadOnlyDictionary<AttentionSpace, Tensor> FromTokens(int? layer = null)
    {
        if (TokenSpace is not { } space)
        {
            return new Dictionary<AttentionSpace, Tensor>();
        }

        var example = _steps.First(step => step.Rows == space && step.Weights is not null).Weights!;
        var positions = Tensors.Range(space.TextStart, space.TextStart + space.TextCount, device: example.device);
        var start = nn.functional.one_hot(positions, space.Length).to(ScalarType.Float32).unsqueeze(0).expand(example.size(0), -1, -1);
        return Follow(new Dictionary<AttentionSpace, Tensor> { [space] = start }, layer);
    }

    /// <summary>The sequence in which text tokens look at the picture: one with both, or one that reads the picture by cross-attention;
    /// null where there is none.</summary>
    public AttentionSpace? TokenSpace =>
        _steps
            .FindLast(step =>
                step.Weights is not null && step.Rows.TextCount > 0 && (step.Rows.PatchCount > 0 || step.Columns != step.Rows)
            )
            ?.Rows;

    private int LayersOf(AttentionSpace space) =>
        _steps.Where(step => step.Rows == space && step.Weights is not null).Select(step => step.Layer + 1).DefaultIfEmpty().Max();

    private Dictionary<AttentionSpace, Tensor> Follow(Dictionary<AttentionSpace, Tensor> mass, int? layer)
    {
        var first = _steps.Count;
        if (layer is { } wanted)
        {
            var most = mass.Keys.Max(LayersOf);
            ArgumentOutOfRangeException.ThrowIfNegative(wanted, nameof(layer));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(wanted, most, nameof(layer));
            (mass, first) = OneBlock(mass, wanted);
        }

        for (var i = first - 1; i >= 0; i--)
        {
            var step = _steps[i];

            // One block alone ends where it meets the input; rollout continues to the first block.
            if (mass.TryGetValue(step.Rows, out var rows) && (layer is null || !step.Rows.IsInput))
            {
                Apply(mass, step, rows);
            }
        }

        return mass.Where(pair => pair.Key.IsInput).ToDictionary();
    }

    // What the chosen block of each start sequence looks at; a stack with fewer blocks gives its last.
    private (Dictionary<AttentionSpace, Tensor> Mass, int First) OneBlock(Dictionary<AttentionSpace, Tensor> start, int wanted)
    {
        var mass = new Dictionary<AttentionSpace, Tensor>();
        var first = _steps.Count;
        foreach (var (space, rows) in start)
        {
            var chosen = Math.Min(wanted, LayersOf(space) - 1);
            var steps = Enumerable
                .Range(0, _steps.Count)
                .Where(i => _steps[i].Rows == space && _steps[i].Weights is not null && _steps[i].Layer == chosen)
                .ToArray();
            foreach (var i in steps)
            {
                Give(mass, _steps[i].Columns, rows.matmul(Meaned(_steps[i])).Times(1.0 / steps.Length));
                first = Math.Min(first, i);
            }
        }

        return (mass, first);
    }

    private static void Apply(Dictionary<AttentionSpace, Tensor> mass, AttentionStep step, Tensor rows)
    {
        if (step.Weights is null)
        {
            var part = rows.narrow(2, step.RowStart, step.Count);
            mass[step.Rows] = rows - Placed(part, step.RowStart, step.Rows.Length);
            Give(mass, step.Columns, Placed(part, step.ColumnStart, step.Columns.Length));
            return;
        }

        var kept = step.Residual ? 0.5 : 0;
        var given = rows.matmul(Meaned(step)).Times(1 - kept);
        mass[step.Rows] = rows.Times(kept);
        Give(mass, step.Columns, given);
    }

    private static Tensor Meaned(AttentionStep step) => step.Weights!.to(ScalarType.Float32).mean([1]);

    private static Tensor Placed(Tensor part, long start, long length)
    {
        long[] shape = [part.size(0), part.size(1), 0];
        Tensor Nothing(long count) => zeros([shape[0], shape[1], count], device: part.device);
        return cat([Nothing(start), part, Nothing(length - start - part.size(2))], 2);
    }

    private static void Give(Dictionary<AttentionSpace, Tensor> mass, AttentionSpace space, Tensor given) =>
        mass[space] = mass.TryGetValue(space, out var before) ? before.Plus(given) : given;
}
