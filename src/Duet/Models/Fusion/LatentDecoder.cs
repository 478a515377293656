// Learned queries that ask the latent array for answers.
using Duet.Torch;
using Duet.Torch.Modules;

namespace Duet.Models.Fusion;

/// <summary>
/// A learned array of queries attends once to the latents (Perceiver IO, arXiv 2107.14795, decoder); one query per answer that is wanted.
/// Parameters: <c>queries</c>, <c>attend</c>.
/// </summary>
public sealed class LatentDecoder : Module
{
    private readonly Tensor _queries;
    private readonly PerceiverLayer _attend;

    /// <summary>Creates the decoder; the queries start from N(0, 0.02) limited to two deviations.</summary>
    /// <param name="queries">The number Q of queries.</param>
    /// <param name="attention">The attention: its width E is that of queries and answers, its context width that of the latents.</param>
    /// <exception cref="ArgumentException">There is no query, or the layer is a self-attention.</exception>
    /// <exception cref="OptionException">The layer's options are out of range.</exception>
    public LatentDecoder(long queries, PerceiverLayerOptions attention)
    {
        ArgumentNullException.ThrowIfNull(attention);
        ArgumentOutOfRangeException.ThrowIfLessThan(queries, 1);
        if (!attention.IsCross)
        {
            throw new ArgumentException("A decoder attends to the latents: give the context width.", nameof(attention));
        }

        _queries = AddParameter("queries", Tensor.Empty([queries, attention.Width]).TruncatedNormalInPlace(0.02));
        _attend = Add("attend", new PerceiverLayer(attention));
    }

    /// <summary>The answers, <c>[B, Q, E]</c>.</summary>
    /// <param name="latents"><c>[B, N, D]</c>.</param>
    /// <param name="record">Receives the attention weights <c>[B, H, Q, N]</c> where given.</param>
    public Tensor Forward(Tensor latents, ICollection<Tensor>? record = null)
    {
        ArgumentNullException.ThrowIfNull(latents);
        return _attend.Forward(_queries.Unsqueeze(0).Expand(latents.Size(0), -1, -1), latents, record: record);
    }
}
