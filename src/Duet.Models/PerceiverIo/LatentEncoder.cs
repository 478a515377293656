// The latent array that reads a long input and thinks in a short one.
using Duet.Models.Fusion;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// A learned array of N latent vectors reads the input by cross-attention and refines itself by blocks of self-attention. One read and
/// shared blocks are Perceiver IO (Jaegle et al., arXiv 2107.14795); several reads are the first Perceiver (arXiv 2103.03206).
/// Parameters: <c>latents</c>, <c>read.0</c>, <c>blocks.0.K</c>; <c>read.1</c> and <c>blocks.1.K</c> where later steps have weights of
/// their own.
/// </summary>
public sealed class LatentEncoder : Module
{
    private readonly LatentEncoderOptions _options;
    private readonly Tensor _latents;
    private readonly ModuleList<PerceiverLayer> _reads;
    private readonly ModuleList<ModuleList<PerceiverLayer>> _blocks;

    /// <summary>Creates the encoder; the latents start from N(0, 0.02) limited to two deviations.</summary>
    /// <exception cref="OptionException">The options are out of range.</exception>
    public LatentEncoder(LatentEncoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _latents = AddParameter("latents", empty([options.Latents, options.Width]).TruncatedNormalInPlace(0.02));
        _reads = Add("read", new ModuleList<PerceiverLayer>(new PerceiverLayer(options.Cross)));
        if (options.HasLaterCrossAttention)
        {
            _reads.Append(new PerceiverLayer(options.Cross));
        }

        _blocks = Add("blocks", new ModuleList<ModuleList<PerceiverLayer>>(Block(options)));
        if (options.HasLaterBlock)
        {
            _blocks.Append(Block(options));
        }
    }

    /// <summary>Reads the input into the latents.</summary>
    /// <param name="input"><c>[B, M, C]</c>.</param>
    /// <param name="visible">True (boolean <c>[B, M]</c>) where the input may be seen; null shows all of it.</param>
    /// <returns>The latents, <c>[B, N, D]</c>.</returns>
    public Tensor Forward(Tensor input, Tensor? visible = null)
    {
        ArgumentNullException.ThrowIfNull(input);

        // The least float32 instead of minus infinity: a row whose whole input is hidden stays finite, as in the published code.
        var mask = visible is null ? null : AttentionMask.Keys(visible, float.MinValue);
        var state = _latents.unsqueeze(0).expand(input.size(0), -1, -1);
        for (var block = 0; block < _options.Blocks; block++)
        {
            if (block < _options.CrossAttentions)
            {
                var later = block > 0 && _options.HasLaterCrossAttention;
                state = _reads[later ? 1 : 0].Forward(state, input, mask);
            }

            var laterBlock = block > 0 && _options.HasLaterBlock;
            state = _blocks[laterBlock ? 1 : 0].Aggregate(state, (latents, layer) => layer.Forward(latents));
        }

        return state;
    }

    private static ModuleList<PerceiverLayer> Block(LatentEncoderOptions options)
    {
        var layers = new ModuleList<PerceiverLayer>();
        for (var layer = 0; layer < options.LayersPerBlock; layer++)
        {
            layers.Append(new PerceiverLayer(options.Self));
        }

        return layers;
    }
}
