// Fits mapped tensors to the shapes of a system.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Pretrained;

/// <summary>A checkpoint's tensors under the towers' names on their way into a system: positions resized, types and shapes
/// checked.</summary>
internal sealed class TowerState(PretrainedSource source, MappedState mapped, IReadOnlyDictionary<string, long[]> wanted, int vocabulary)
{
    private const string BertPositions = "bert.embeddings.position_embeddings.weight";
    private const string BertSegments = "bert.embeddings.token_type_embeddings.weight";
    private const string T5Words = "t5.embeddings.weight";
    private const int MaxPaddedRows = 256;
    private const string TextPositions = "text.positional_embedding";
    private static readonly string[] Grids =
    [
        "visual.positional_embedding",
        "visual.tower.positional_embedding",
        "visual.attnpool.positional_embedding",
    ];
    private static readonly string[] WordTables = ["text.token_embedding.weight", "bert.embeddings.word_embeddings.weight", T5Words];

    private readonly List<string> _notes = [];

    /// <summary>What was changed.</summary>
    internal IReadOnlyList<string> Notes => _notes;

    /// <summary>Whether a T5 word table has more rows than its vocabulary has ids only because it was rounded up, as the published ones are
    /// (32,128 for 32,100, 250,112 for 250,100).</summary>
    internal static bool IsPadded(long rows, long ids) => rows > ids && rows - ids < MaxPaddedRows;

    /// <summary>Whether a tensor belongs to a tower the system takes, although the system has no place for it.</summary>
    internal bool IsForeign(string name, IEnumerable<TowerSlot> slots) =>
        slots.Any(slot =>
            Tower.Of(slot.Tower) is var tower
            && name.StartsWith(tower.Prefix, StringComparison.Ordinal)
            && !IsLeftOut(tower, name[tower.Prefix.Length..])
        );

    /// <summary>The tensors the system needs, in its shapes.</summary>
    /// <exception cref="PretrainedException">A tensor is of another shape or type.</exception>
    internal Dictionary<string, Tensor> Fit() =>
        mapped
            .State.Where(tensor => wanted.ContainsKey(tensor.Key))
            .ToDictionary(tensor => tensor.Key, tensor => Fit(tensor.Key, tensor.Value, wanted[tensor.Key]), StringComparer.Ordinal);

    // A system without a pooler reads the sequence itself.
    private static bool IsLeftOut(Tower tower, string rest) => tower.MayLack(rest);

    private Tensor Fit(string name, Tensor tensor, long[] shape)
    {
        CheckType(name, tensor);
        if (string.Equals(name, BertPositions, StringComparison.Ordinal))
        {
            tensor = Shorten(name, Skip(name, tensor), shape);
        }
        else if (string.Equals(name, TextPositions, StringComparison.Ordinal))
        {
            tensor = Shorten(name, tensor, shape);
        }
        else if (string.Equals(name, BertSegments, StringComparison.Ordinal))
        {
            tensor = Segments(tensor, shape);
        }
        else if (string.Equals(name, T5Words, StringComparison.Ordinal) && tensor.dim() == 2 && IsPadded(tensor.size(0), shape[0]))
        {
            _notes.Add($"{shape[0]} of {tensor.size(0)} rows of the word table: the others are padding");
            tensor = tensor.narrow(0, 0, shape[0]);
        }
        else if (Grids.Contains(name, StringComparer.Ordinal))
        {
            tensor = Resize(name, tensor, shape);
        }

        if (!tensor.shape.AsSpan().SequenceEqual(shape))
        {
            throw WrongShape(name, tensor.shape, shape);
        }

        return tensor;
    }

    private void CheckType(string name, Tensor tensor)
    {
        var counts = name.EndsWith("num_batches_tracked", StringComparison.Ordinal);
        if (!CheckpointTensors.IsFloat(tensor.dtype) && !counts)
        {
            var first = mapped.Origins[name].Split(" + ")[0];
            throw new PretrainedException(
                $"{source.WeightsPath}: tensor '{mapped.Origins[name]}' is stored as {source.StoredType(first)}; weights are float16, "
                    + $"bfloat16, float32 or float64. "
                    + "Quantised checkpoints are not read: take the full-precision one."
            );
        }
    }

    private Tensor Skip(string name, Tensor tensor)
    {
        var offset = source.Towers.PositionOffset;
        return offset == 0 ? tensor
            : tensor.size(0) > offset ? tensor.narrow(0, offset, tensor.size(0) - offset)
            : throw WrongShape(name, tensor.shape, wanted[name]);
    }

    // Positions count from the start of a text, so a shorter model takes the first ones as they are.
    private Tensor Shorten(string name, Tensor tensor, long[] shape)
    {
        if (tensor.dim() != 2 || tensor.size(1) != shape[1] || tensor.size(0) == shape[0])
        {
            return tensor;
        }

        if (tensor.size(0) < shape[0])
        {
            throw new PretrainedException(
                $"{source.WeightsPath}: '{mapped.Origins[name]}' has {tensor.size(0)} positions, but the system needs texts of "
                    + $"{shape[0]} tokens. Set context_length to {tensor.size(0)} at most."
            );
        }

        _notes.Add($"the first {shape[0]} of {tensor.size(0)} text positions");
        return tensor.narrow(0, 0, shape[0]);
    }

    // RoBERTa has one segment where MMBT has two or three: new ones start as the mean of the published, as MMBT does it (mmbt/models).
    private Tensor Segments(Tensor tensor, long[] shape)
    {
        if (tensor.dim() != 2 || tensor.size(1) != shape[1] || tensor.size(0) == shape[0])
        {
            return tensor;
        }

        _notes.Add($"{shape[0]} segments from {tensor.size(0)}");
        return tensor.size(0) > shape[0]
            ? tensor.narrow(0, 0, shape[0])
            : cat([tensor, tensor.mean([0], keepdim: true).expand(shape[0] - tensor.size(0), -1)], 0);
    }

    private Tensor Resize(string name, Tensor tensor, long[] shape)
    {
        var rows = tensor.dim() == 3 && tensor.size(0) == 1 ? tensor.squeeze(0) : tensor;
        if (rows.dim() != 2 || rows.size(1) != shape[1] || rows.size(0) == shape[0] || !PositionEmbeddings.AreGrids(rows.size(0), shape[0]))
        {
            return rows;
        }

        _notes.Add($"picture positions resized from {Cells(rows.size(0))} to {Cells(shape[0])} cells");
        return PositionEmbeddings.ResizeGrid(rows, shape[0]);
    }

    // Without the class token's row.
    private static long Cells(long rows)
    {
        var side = (long)Math.Sqrt(rows);
        return side * side;
    }

    private PretrainedException WrongShape(string name, long[] found, long[] shape)
    {
        var text =
            $"{source.WeightsPath}: tensor '{mapped.Origins[name]}' has shape [{string.Join(", ", found)}] for '{name}', where the "
            + $"system has [{string.Join(", ", shape)}].";
        return WordTables.Contains(name, StringComparer.Ordinal) && found.Length == 2 && found[1] == shape[1]
            ? new(text + $" The run's tokenizer has {vocabulary} ids and the checkpoint {found[0]}: use the checkpoint's own tokenizer.")
            : new(text + " The system's options must be those of the checkpoint.");
    }
}
