// Products made up for the contract tests.
using Duet.Data;
using Duet.Models;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Models;

/// <summary>Batches with every kind of gap: missing pictures, missing texts, missing labels, texts of all lengths.</summary>
internal static class ContractBatches
{
    private const int Vocabulary = 96;
    private const int Start = 1;
    private const int End = 2;
    private const int Mask = 3;
    private const int FirstWord = 4;

    public static ModelContext Context { get; } =
        new(
            [
                new TaskDefinition("category", "category", TaskKind.SingleLabel, ["bag", "dress", "hat", "shirt", "shoe"]),
                new TaskDefinition("colour", "colour", TaskKind.SingleLabel, ["black", "blue", "red"]),
                new TaskDefinition("usage", "usage", TaskKind.MultiLabel, ["casual", "home", "party", "sports"]),
            ],
            Vocabulary,
            PaddingId: 0,
            End,
            Mask
        );

    public static IReadOnlyList<FeatureDefinition> Features { get; } = [new("source", [FeatureDefinition.Unknown, "people", "rules"])];

    /// <summary>Random products, the same for a seed; every fourth lacks its picture and every fifth its text (where it has a
    /// picture).</summary>
    /// <param name="options">Sizes of pictures and texts.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Of the random numbers.</param>
    /// <param name="gaps">False gives every product picture, text and all labels.</param>
    public static Batch Make(ModelOptions options, int count, int seed, bool gaps = true)
    {
        var random = new Random(seed);
        var images = Enumerable.Range(0, count).Select(row => !gaps || row % 4 != 1).ToArray();
        var texts = Enumerable.Range(0, count).Select(row => !gaps || row % 5 != 2 || !images[row]).ToArray();
        var length = Math.Min(options.ContextLength, 16);
        var ids = new long[count * length];
        var visible = new bool[count * length];
        for (var row = 0; row < count; row++)
        {
            FillText(random, ids.AsSpan(row * length, length), visible.AsSpan(row * length, length), texts[row]);
        }

        var present = Tensors.From(images, count);
        return new Batch(
            Pixels(random, count, options.ImageSize) * present.reshape(-1, 1, 1, 1).to(ScalarType.Float32),
            Tensors.From(ids, count, length),
            Tensors.From(visible, count, length),
            present,
            Tensors.From(texts, count)
        )
        {
            Features = Tensors.From(Enumerable.Range(0, count).Select(row => (long)(row % 3)).ToArray(), count, 1),
            Labels = [.. Context.Tasks.Select((task, number) => Labels(random, task, count, row => gaps && (row + number) % 7 == 3))],
        };
    }

    /// <summary>Other values at every place that stands for a missing picture or text, or behind a text's end.</summary>
    public static Batch Spoil(Batch batch, ModelOptions options, int seed)
    {
        var random = new Random(seed);
        var other = Pixels(random, (int)batch.Size, options.ImageSize);
        var ids = Tensors.From(
            Enumerable.Range(0, (int)batch.TokenIds.numel()).Select(_ => (long)random.Next(FirstWord, Vocabulary)).ToArray(),
            batch.TokenIds.shape
        );
        var meant = batch.TokenMask.logical_and(batch.TextPresent.unsqueeze(1));
        return batch with
        {
            Pixels = batch.Pixels.where(batch.ImagePresent.reshape(-1, 1, 1, 1), other),
            TokenIds = batch.TokenIds.where(meant, ids),
        };
    }

    // Smooth random pictures: noise of 4x4 cells, enlarged, so that convolutions and patches of any size see something.
    private static Tensor Pixels(Random random, int count, int side)
    {
        var cells = Tensors.From(
            Enumerable.Range(0, count * 3 * 16).Select(_ => (float)((random.NextDouble() * 4) - 2)).ToArray(),
            count,
            3,
            4,
            4
        );
        return Functional.ResizeBilinear(cells, side, side);
    }

    // A missing text is a start and an end token, as the loader makes it.
    private static void FillText(Random random, Span<long> ids, Span<bool> visible, bool present)
    {
        var words = present ? random.Next(3, ids.Length - 1) : 0;
        ids[0] = Start;
        for (var word = 1; word <= words; word++)
        {
            ids[word] = random.Next(FirstWord, Vocabulary);
        }

        ids[words + 1] = End;
        visible[..(words + 2)].Fill(true);
    }

    private static Tensor Labels(Random random, TaskDefinition task, int count, Func<int, bool> isMissing)
    {
        var classes = task.Classes.Count;
        if (task.Kind == TaskKind.SingleLabel)
        {
            return Tensors.From(Enumerable.Range(0, count).Select(row => isMissing(row) ? -1L : random.Next(classes)).ToArray(), count);
        }

        var hot = Enumerable.Range(0, count * classes).Select(k => isMissing(k / classes) ? -1f : random.Next(2)).ToArray();
        return Tensors.From(hot, count, classes);
    }
}
