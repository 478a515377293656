// A stack of transformer blocks.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Modules;

/// <summary>Blocks one after another; parameters under <c>resblocks.0</c>, <c>resblocks.1</c>, ... as in OpenAI's CLIP.</summary>
public sealed class Transformer : Module
{
    private readonly TransformerBlock[] _blocks;

    /// <summary>Creates the stack.</summary>
    public Transformer(TransformerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        var list = Add("resblocks", new ModuleList<TransformerBlock>());
        for (var layer = 0; layer < options.Layers; layer++)
        {
            list.Append(new TransformerBlock(options));
        }

        _blocks = [.. list];
    }

    /// <summary>The stack's shape.</summary>
    public TransformerOptions Options { get; }

    /// <summary><c>[B, L, D] -> [B, L, D]</c>.</summary>
    /// <param name="input"><c>[B, L, D]</c>.</param>
    /// <param name="mask">Added to the attention scores, broadcast to <c>[B, H, L, L]</c>.</param>
    public Tensor Forward(Tensor input, Tensor? mask = null)
    {
        // Where nothing is learned, the residual sum may be in bfloat16 too: every norm and every sum then moves half as much memory.
        var hidden = !training && Autocast.IsEnabled(input.device) ? input.to(ScalarType.BFloat16) : input;
        foreach (var block in _blocks)
        {
            hidden = block.Forward(hidden, mask);
        }

        return hidden.to(input.dtype);
    }
}
