// Learned queries that ask the latent array for answers.
using Duet.Models.Fusion;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// A learned array of queries attends once to the latents (Perceiver IO, arXiv 2107.14795, decoder); one query per answer that is wanted.
/// Parameters: <c>queries</c>, <c>attend</c>; <c>query_projection</c> where the queries are learned in another width than they ask in.
/// </summary>
public sealed class LatentDecoder : Module
{
    private readonly Tensor _queries;
    private readonly Linear? _projection;
    private readonly PerceiverLayer _attend;

    /// <summary>Creates the decoder; the queries start from N(0, 0.02) limited to two deviations.</summary>
    /// <param name="queries">The number Q of queries.</param>
    /// <param name="attention">The attention: its width E is that of queries and answers, its context width that of the latents.</param>
    /// <param name="queryChannels">Width in which the queries are learned, brought to E by a linear map; null learns them in E, without a
    /// map.</param>
    /// <exception cref="ArgumentException">There is no query, a query has no channel, or the layer is a self-attention.</exception>
    /// <exception cref="OptionException">The layer's options are out of range.</exception>
    public LatentDecoder(long queries, PerceiverLayerOptions attention, long? queryChannels = null)
    {
        ArgumentNullException.ThrowIfNull(attention);
        ArgumentOutOfRangeException.ThrowIfLessThan(queries, 1);
        if (!attention.IsCross)
        {
            throw new ArgumentException("A decoder attends to the latents: give the context width.", nameof(attention));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(queryChannels ?? 1, 1, nameof(queryChannels));
        _queries = AddParameter("queries", empty([queries, queryChannels ?? attention.Width]).TruncatedNormalInPlace(0.02));
        _projection = queryChannels is { } channels
            ? Add("query_projection", new Linear(channels, attention.Width, deviation: PerceiverAttention.Deviation(channels)))
            : null;
        _attend = Add("attend", new PerceiverLayer(attention));
    }

    /// <summary>The answers, <c>[B, Q, E]</c>.</summary>
    /// <param name="latents"><c>[B, N, D]</c>.</param>
    public Tensor Forward(Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        var queries = _projection is null ? _queries : _projection.Forward(_queries);
        return _attend.Forward(queries.unsqueeze(0).expand(latents.size(0), -1, -1), latents);
    }
}
