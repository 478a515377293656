// What a bitransformer computed on the way.
using Duet.Models.Fusion;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>Collects the intermediate results of a bitransformer's forward pass, for explanations and parity tests.</summary>
/// <param name="layers">Receives the encoder's layers; null makes a new one.</param>
public sealed class BitransformerTrace(TransformerTrace? layers = null)
{
    /// <summary>The image tower's maps: stem after the max pool, then every stage.</summary>
    public List<Tensor> Maps { get; } = [];

    /// <summary>The pooled cells, <c>[B, N, C]</c>.</summary>
    public Tensor? PooledTokens { get; set; }

    /// <summary>The pooled cells in BERT's width, <c>[B, N, D]</c>.</summary>
    public Tensor? ProjectedTokens { get; set; }

    /// <summary>The picture's part of the sequence, <c>[B, N + 2, D]</c>.</summary>
    public Tensor? ImageEmbeddings { get; set; }

    /// <summary>The text's part of the sequence, <c>[B, L, D]</c>.</summary>
    public Tensor? TextEmbeddings { get; set; }

    /// <summary>Where the sequence is visible, <c>[B, N + 2 + L]</c>.</summary>
    public Tensor? Visible { get; set; }

    /// <summary>The encoder's layers.</summary>
    public TransformerTrace Layers { get; } = layers ?? new TransformerTrace();
}
