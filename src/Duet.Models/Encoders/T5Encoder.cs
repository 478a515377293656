// T5's encoder: T5 version 1.1 and mT5.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// T5's encoder (Raffel et al., arXiv 1910.10683; mT5: Xue et al., arXiv 2010.11934): word vectors without positions, blocks with
/// root-mean-square norms before each half, a last norm. What a token knows of places is a learned bias on the attention scores per head
/// and bucket of distances, one table for all blocks. Nothing has a shift. Parameters: <c>embeddings</c>, <c>relative_positions</c>,
/// <c>resblocks.N</c>, <c>ln_final</c>.
/// </summary>
public sealed class T5Encoder : Module
{
    /// <summary>The score of hidden keys: low enough to vanish beside unscaled scores, finite so that a row without any visible key stays a
    /// number.</summary>
    private const double HiddenScore = -1e9;

    private readonly Embedding _positions;
    private readonly ModuleList<T5Block> _blocks;
    private readonly RmsNorm _norm;

    /// <summary>Creates the encoder; weights start as published.</summary>
    /// <param name="options">The shape.</param>
    /// <param name="vocabularySize">Rows of the word table.</param>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public T5Encoder(T5Options options, int vocabularySize)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        WordVectors = Add("embeddings", new Embedding(vocabularySize, options.Width, deviation: 1));
        _positions = Add("relative_positions", new Embedding(options.Buckets, options.Heads, deviation: Math.Pow(options.Width, -0.5)));
        _blocks = Add("resblocks", new ModuleList<T5Block>());
        for (var layer = 0; layer < options.Layers; layer++)
        {
            _blocks.Append(new T5Block(options));
        }

        _norm = Add("ln_final", new RmsNorm(options.Width, options.NormEpsilon));
    }

    /// <summary>The encoder's shape.</summary>
    public T5Options Options { get; }

    /// <summary>The word table, <c>[V, D]</c>.</summary>
    public Embedding WordVectors { get; }

    /// <summary>Encodes texts.</summary>
    /// <param name="tokens">Token ids, <c>[B, L]</c>.</param>
    /// <param name="visible">True where a token may be attended to, <c>[B, L]</c>; null for everywhere.</param>
    /// <returns>The last states, normalised, <c>[B, L, D]</c>.</returns>
    public Tensor Forward(Tensor tokens, Tensor? visible = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var hidden = Drop(WordVectors.Forward(tokens));
        var bias = Bias((int)tokens.size(1), visible, tokens.device);
        foreach (var block in _blocks)
        {
            hidden = block.Forward(hidden, bias);
        }

        return Drop(_norm.Forward(hidden));
    }

    // [1, H, L, L], or [B, H, L, L] with hidden keys.
    private Tensor Bias(int length, Tensor? visible, Device device)
    {
        var buckets = Tensors.From(T5Distances.Table(length, Options.Buckets, Options.MaximumDistance), length, length).to(device);
        var positions = _positions.Forward(buckets).permute(2, 0, 1).unsqueeze(0);
        return visible is null
            ? positions
            : positions.Plus((visible.to(ScalarType.Float32).SubtractedFrom(1.0)).unsqueeze(1).unsqueeze(2).Times(HiddenScore));
    }

    private Tensor Drop(Tensor result) => Functional.Dropout(result, Options.Dropout, training);
}
