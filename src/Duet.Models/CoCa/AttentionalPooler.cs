// Pooling of a sequence by learned queries.
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// CoCa's attentional pooler (arXiv 2205.01917, section 3.2): one multi-head attention layer whose queries are learned, with norms on
/// queries and context (open_clip, transformer.py, AttentionalPooler; parameters under its names).
/// </summary>
public sealed class AttentionalPooler : Module
{
    private readonly Tensor _query;
    private readonly MultiHeadAttention _attention;
    private readonly LayerNorm _queryNorm;
    private readonly LayerNorm _contextNorm;

    /// <summary>Creates a pooler.</summary>
    /// <param name="width">Width D of queries and results.</param>
    /// <param name="contextWidth">Width C of the sequence that is pooled.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="queries">The number N of results.</param>
    /// <param name="epsilon">Epsilon of the norms.</param>
    public AttentionalPooler(int width, int contextWidth, int heads, int queries, double epsilon)
    {
        _query = AddParameter("query", Tensors.Normal([queries, width]));
        _attention = Add(
            "attn",
            new MultiHeadAttention(
                width,
                heads,
                contextWidth: contextWidth,
                inputDeviation: Math.Pow(contextWidth, -0.5),
                outputDeviation: Math.Pow(width, -0.5)
            )
        );
        _queryNorm = Add("ln_q", new LayerNorm(width, epsilon));
        _contextNorm = Add("ln_k", new LayerNorm(contextWidth, epsilon));
    }

    /// <summary><c>[B, L, C] -> [B, N, D]</c>.</summary>
    /// <param name="context"><c>[B, L, C]</c>.</param>
    public Tensor Forward(Tensor context)
    {
        // Norms are computed in full precision, also where autocast made the context short.
        var queries = _queryNorm.Forward(_query).unsqueeze(0).expand(context.size(0), -1, -1);
        return _attention.Attend(queries, _contextNorm.Forward(context.to(ScalarType.Float32)));
    }
}
