// A batch's texts as BERT and T5 read them.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// Token ids and visibility. For BERT, a row without text is [CLS] and padding with [CLS] alone visible, whatever is in the batch: the
/// pooler reads [CLS], so it must be the same for every missing text.
/// </summary>
/// <param name="Tokens">Ids, <c>[B, L]</c>.</param>
/// <param name="Visible">True where a token may be attended to, <c>[B, L]</c>.</param>
/// <param name="Content">True where a token is neither start nor end nor padding, <c>[B, L]</c>.</param>
public sealed record TextInput(Tensor Tokens, Tensor Visible, Tensor Content)
{
    /// <summary>
    /// The texts of a batch for an encoder that reads no start token. A row without text is padding with its first place visible, so that
    /// attention has something to look at; whoever pools it must leave it out.
    /// </summary>
    public static TextInput WithoutStart(Batch batch, ModelContext context)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(context);
        var length = batch.TokenIds.size(1);
        var device = batch.TokenIds.device;
        var positions = Tensors.Range(0, length, device: device).unsqueeze(0);
        var visible = batch.TokenMask.logical_and(batch.TextPresent.unsqueeze(1));
        var nothing = Tensors.Full([1, length], context.PaddingId, dtype: ScalarType.Int64, device: device);
        var content = visible.logical_and(positions.lt(batch.EndPositions.unsqueeze(1)));
        return new(batch.TokenIds.where(visible, nothing), visible.logical_or(positions.EqualTo(0)), content);
    }

    /// <summary>The texts of a batch.</summary>
    public static TextInput Of(Batch batch, ModelContext context)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(context);
        var length = batch.TokenIds.size(1);
        var device = batch.TokenIds.device;
        var present = batch.TextPresent.unsqueeze(1);
        var positions = Tensors.Range(0, length, device: device);
        var isStart = positions.EqualTo(0).unsqueeze(0);
        var nothing = Tensors
            .Full([1, length], context.PaddingId, dtype: ScalarType.Int64, device: device)
            .MaskedFill(isStart, context.StartId);
        var visible = batch.TokenMask.logical_and(present);
        var content = visible.logical_and(isStart.logical_not()).logical_and(positions.unsqueeze(0).lt(batch.EndPositions.unsqueeze(1)));
        return new(batch.TokenIds.where(visible.logical_or(isStart.logical_and(present)), nothing), visible.logical_or(isStart), content);
    }
}
