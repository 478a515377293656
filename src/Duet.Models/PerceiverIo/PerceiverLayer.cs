// One layer of a Perceiver: cross- or self-attention, then an MLP.
using Duet.Models.Fusion;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// Attention and MLP, each pre-norm and inside a residual sum (the first sum may be left out). Parameters: <c>attention</c>,
/// <c>mlp_norm</c>,
/// <c>mlp.c_fc</c>, <c>mlp.c_proj</c>.
/// </summary>
public sealed class PerceiverLayer : Module
{
    private readonly PerceiverLayerOptions _options;
    private readonly PerceiverAttention _attention;
    private readonly LayerNorm _norm;
    private readonly Mlp _mlp;

    /// <summary>Creates the layer.</summary>
    /// <exception cref="OptionException">The options are out of range.</exception>
    public PerceiverLayer(PerceiverLayerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        var hidden = options.Width * options.WideningFactor;
        _attention = Add("attention", new PerceiverAttention(options));
        _norm = Add("mlp_norm", new LayerNorm(options.Width));
        _mlp = Add(
            "mlp",
            new Mlp(
                options.Width,
                hidden,
                options.Width,
                options.Activation,
                PerceiverAttention.Deviation(options.Width),
                PerceiverAttention.Deviation(hidden)
            )
        );
    }

    /// <summary><c>[B, N, D] -> [B, N, D]</c>.</summary>
    /// <param name="query"><c>[B, N, D]</c>.</param>
    /// <param name="context"><c>[B, M, C]</c>; null in a self-attention.</param>
    /// <param name="mask">Added to the scores, broadcast to <c>[B, H, N, M]</c>; null for none.</param>
    public Tensor Forward(Tensor query, Tensor? context = null, Tensor? mask = null)
    {
        var attended = Drop(_attention.Forward(query, context, mask));
        var hidden = _options.QueryResidual ? query.Plus(attended) : attended;
        var result = hidden.Plus(Drop(_mlp.Forward(_norm.Forward(hidden))));
        ForwardRecorder.Report(this, "hidden", result);
        return result;
    }

    private Tensor Drop(Tensor result) => Functional.Dropout(result, _options.Dropout, training);
}
