// Attention between two sequences whose widths differ, with norms on both, as in the Perceiver.
using Duet.Models.Fusion;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// Pre-norm multi-head attention of the Perceiver (Jaegle et al., arXiv 2103.03206 and 2107.14795): queries from one sequence, keys and
/// values from another (or the same), the channels of the heads chosen apart from both widths, the result projected back to the query's.
/// Parameters: <c>query_norm</c>, <c>context_norm</c> (cross-attention only), <c>query</c>, <c>key</c>, <c>value</c>, <c>output</c>.
/// </summary>
public sealed class PerceiverAttention : Module
{
    private readonly PerceiverLayerOptions _options;
    private readonly LayerNorm _queryNorm;
    private readonly LayerNorm? _contextNorm;
    private readonly Linear _query;
    private readonly Linear _key;
    private readonly Linear _value;
    private readonly Linear _output;

    /// <summary>Creates the attention; weights start with the deviation <c>fan-in^-1/2</c>, as in the published code.</summary>
    /// <exception cref="OptionException">The options are out of range.</exception>
    public PerceiverAttention(PerceiverLayerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        var context = options.ContextWidth ?? options.Width;
        var (queries, values) = (options.EffectiveQueryChannels, options.EffectiveValueChannels);
        _queryNorm = Add("query_norm", new LayerNorm(options.Width));
        _contextNorm = options.IsCross ? Add("context_norm", new LayerNorm(context)) : null;
        _query = Add("query", new Linear(options.Width, queries, deviation: Deviation(options.Width)));
        _key = Add("key", new Linear(context, queries, deviation: Deviation(context)));
        _value = Add("value", new Linear(context, values, deviation: Deviation(context)));
        _output = Add("output", new Linear(values, options.Width, deviation: Deviation(values)));
    }

    /// <summary>The attention's result, without the query added.</summary>
    /// <param name="query"><c>[B, N, D]</c>.</param>
    /// <param name="context"><c>[B, M, C]</c>; null in a self-attention.</param>
    /// <param name="mask">Added to the scores, broadcast to <c>[B, H, N, M]</c>; null for none.</param>
    /// <returns><c>[B, N, D]</c>.</returns>
    /// <exception cref="ArgumentException">A context is missing, or given to a self-attention.</exception>
    public Tensor Forward(Tensor query, Tensor? context = null, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        if ((context is not null) != _options.IsCross)
        {
            throw new ArgumentException("A cross-attention needs a context and a self-attention takes none.", nameof(context));
        }

        var queries = _queryNorm.Forward(query);
        var source = context is null ? queries : _contextNorm!.Forward(context);
        var (mixed, weights) = Functional.Attention(
            Heads(_query.Forward(queries)),
            Heads(_key.Forward(source)),
            Heads(_value.Forward(source)),
            mask,
            _options.AttentionDropout,
            training
        );
        ForwardRecorder.Report(this, "attention", weights);
        return _output.Forward(mixed.transpose(1, 2).reshape(query.size(0), query.size(1), _options.EffectiveValueChannels));
    }

    internal static double Deviation(long inputs) => Math.Pow(inputs, -0.5);

    private Tensor Heads(Tensor projected) =>
        projected.reshape(projected.size(0), projected.size(1), _options.Heads, projected.size(2) / _options.Heads).transpose(1, 2);
}
