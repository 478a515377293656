// A batch's texts as BERT and T5 read them.
using Duet.Torch;

namespace Duet.Models.Encoders;

/// <summary>
/// Token ids and visibility. For BERT, a row without text is [CLS] and padding with [CLS] alone visible, whatever stands in the batch: the pooler
/// reads [CLS], so it must be the same for every missing text.
/// </summary>
/// <param name="Tokens">Ids, <c>[B, L]</c>.</param>
/// <param name="Visible">True where a token may be attended to, <c>[B, L]</c>.</param>
/// <param name="Content">True where a token is neither start nor end nor padding, <c>[B, L]</c>.</param>
public sealed record TextInput(Tensor Tokens, Tensor Visible, Tensor Content)
{
    /// <summary>
    /// The texts of a batch for an encoder that reads no start token. A row without text is padding with its first place visible, so that attention has
    /// something to look at; whoever pools it must leave it out.
    /// </summary>
    public static TextInput WithoutStart(Batch batch, ModelContext context)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(context);
        var length = batch.TokenIds.Size(1);
        var device = batch.TokenIds.Device;
        var positions = Tensor.Range(0, length, device: device).Unsqueeze(0);
        var visible = batch.TokenMask.And(batch.TextPresent.Unsqueeze(1));
        var nothing = Tensor.Full([1, length], context.PaddingId, ScalarType.Int64, device);
        var content = visible.And(positions.Less(batch.EndPositions.Unsqueeze(1)));
        return new(batch.TokenIds.Where(visible, nothing), visible.Or(positions.Equal(0)), content);
    }

    /// <summary>The texts of a batch.</summary>
    public static TextInput Of(Batch batch, ModelContext context)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(context);
        var length = batch.TokenIds.Size(1);
        var device = batch.TokenIds.Device;
        var present = batch.TextPresent.Unsqueeze(1);
        var positions = Tensor.Range(0, length, device: device);
        var isStart = positions.Equal(0).Unsqueeze(0);
        var nothing = Tensor.Full([1, length], context.PaddingId, ScalarType.Int64, device)
            .MaskedFill(isStart, context.StartId);
        var visible = batch.TokenMask.And(present);
        var content = visible.And(isStart.Not()).And(positions.Unsqueeze(0).Less(batch.EndPositions.Unsqueeze(1)));
        return new(batch.TokenIds.Where(visible.Or(isStart.And(present)), nothing), visible.Or(isStart), content);
    }
}
