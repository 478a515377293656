// The input of every system: one batch of products as tensors.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>One batch of products. Its tensors belong to the scope it was made in.</summary>
public sealed record Batch
{
    /// <summary>Creates a batch.</summary>
    /// <param name="pixels">See <see cref="Pixels"/>.</param>
    /// <param name="tokenIds">See <see cref="TokenIds"/>.</param>
    /// <param name="tokenMask">See <see cref="TokenMask"/>.</param>
    /// <param name="imagePresent">See <see cref="ImagePresent"/>.</param>
    /// <param name="textPresent">See <see cref="TextPresent"/>.</param>
    public Batch(Tensor pixels, Tensor tokenIds, Tensor tokenMask, Tensor imagePresent, Tensor textPresent) =>
        (Pixels, TokenIds, TokenMask, ImagePresent, TextPresent) = (pixels, tokenIds, tokenMask, imagePresent, textPresent);

    /// <summary>Normalized pictures, <c>[B, 3, S, S]</c> float32; zeros where there is none.</summary>
    public Tensor Pixels { get; init; }

    /// <summary>Token ids, <c>[B, L]</c> int64, padded.</summary>
    public Tensor TokenIds { get; init; }

    /// <summary>True where there is a token, <c>[B, L]</c> boolean.</summary>
    public Tensor TokenMask { get; init; }

    /// <summary>Which rows have a picture, <c>[B]</c> boolean.</summary>
    public Tensor ImagePresent { get; init; }

    /// <summary>Which rows have a text, <c>[B]</c> boolean.</summary>
    public Tensor TextPresent { get; init; }

    /// <summary>
    /// Labels per task, or empty where they are unknown: class indices <c>[B]</c> int64 with -1 for a missing label, or for a multi-label
    /// task <c>[B, C]</c> float32 of zeros and ones with -1 in every column of a row without labels.
    /// </summary>
    public IReadOnlyList<Tensor> Labels { get; init; } = [];

    /// <summary>Ids of the features' values, <c>[B, F]</c> int64, 0 for unknown; null where no features were read.</summary>
    public Tensor? Features { get; init; }

    /// <summary>What the towers gave for these products before; null where they have to be run. Pictures are not needed where it is
    /// there.</summary>
    public TowerSequences? Sequences { get; init; }

    /// <summary>The number of products B.</summary>
    public long Size => TokenIds.size(0);

    /// <summary>The position of each text's end token, <c>[B]</c> int64.</summary>
    public Tensor EndPositions => TokenMask.to(ScalarType.Int64).sum(1).Minus(1);

    /// <summary>The same products with only the given inputs present.</summary>
    public Batch Restrict(InputModalities modalities) =>
        modalities switch
        {
            InputModalities.Image => this with { TextPresent = Nothing(TextPresent) },
            InputModalities.Text => this with { ImagePresent = Nothing(ImagePresent) },
            _ => this,
        };

    /// <summary>The given rows alone.</summary>
    /// <param name="rows">Row numbers, <c>[N]</c> int64.</param>
    public Batch Select(Tensor rows) =>
        new(
            Pixels.index_select(0, rows),
            TokenIds.index_select(0, rows),
            TokenMask.index_select(0, rows),
            ImagePresent.index_select(0, rows),
            TextPresent.index_select(0, rows)
        )
        {
            Labels = [.. Labels.Select(labels => labels.index_select(0, rows))],
            Features = Features?.index_select(0, rows),
            Sequences = Sequences?.Select(rows),
        };

    private static Tensor Nothing(Tensor present) => zeros(present.shape, dtype: ScalarType.Bool, device: present.device);
}
