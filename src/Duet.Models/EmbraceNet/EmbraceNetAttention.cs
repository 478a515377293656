// How attention flows through EmbraceNet.
using Duet.Models.Attention;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>The text's tokens look at one another; every task is read at the first of them, or from all. The residual network has no
/// attention.</summary>
internal static class EmbraceNetAttention
{
    internal static void Describe(RecordedPass pass, AttentionFlow flow, Tensor visible, EmbraceTextPooling pooling)
    {
        var space = AttentionSpace.OfText(visible.size(1));
        flow.AddSelf(space, pass.Attention("text"));
        flow.Read(
            pooling == EmbraceTextPooling.FirstToken
                ? AttentionReadOut.At(space, visible.size(0), 0, visible.device)
                : AttentionReadOut.Mean(space, 0, visible)
        );
    }
}
