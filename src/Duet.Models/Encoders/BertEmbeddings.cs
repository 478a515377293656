// The sum of word, position and segment vectors that BERT starts from.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// BERT's input: word + position + segment vectors, layer norm, dropout (Devlin et al., figure 2). One-stream models reuse its tables
/// for their image parts, so the parts of the sum are open to them.
/// </summary>
public sealed class BertEmbeddings : Module
{
    private readonly BertOptions _options;
    private readonly Embedding _words;
    private readonly Embedding _positions;
    private readonly Embedding _segments;
    private readonly LayerNorm _norm;

    /// <summary>Creates the tables.</summary>
    public BertEmbeddings(BertOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _words = Add("word_embeddings", new Embedding(options.VocabularySize, options.Width));
        _positions = Add("position_embeddings", new Embedding(options.MaximumLength, options.Width));
        _segments = Add("token_type_embeddings", new Embedding(options.SegmentCount, options.Width));
        _norm = Add("LayerNorm", new LayerNorm(options.Width, options.NormEpsilon));
    }

    /// <summary>The word table, <c>[V, D]</c>: the masked-language head decodes with it.</summary>
    public Tensor WordTable => _words.Weight;

    /// <summary>The word table as a module; <see cref="Embedding.Replace"/> sees the words of <see cref="Sum"/> and no others.</summary>
    public Embedding WordVectors => _words;

    /// <summary>Token ids <c>[B, L]</c> to normalised vectors <c>[B, L, D]</c>; positions count from 0.</summary>
    /// <param name="tokens">Token ids, <c>[B, L]</c>.</param>
    /// <param name="segments">Segment ids, <c>[B, L]</c>; null for segment 0 everywhere.</param>
    /// <exception cref="ArgumentException">The sequence is longer than the position table.</exception>
    public Tensor Forward(Tensor tokens, Tensor? segments = null) => Normalise(Sum(tokens, segments));

    /// <summary>Word + segment + position vectors <c>[B, L, D]</c> before the layer norm.</summary>
    /// <param name="tokens">Token ids, <c>[B, L]</c>.</param>
    /// <param name="segments">Segment ids, <c>[B, L]</c>; null for segment 0 everywhere.</param>
    /// <exception cref="ArgumentException">The sequence is longer than the position table.</exception>
    public Tensor Sum(Tensor tokens, Tensor? segments = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return _words
            .Replaced(Words(tokens))
            .Plus(segments is null ? Segment(0) : _segments.Forward(segments))
            .Plus(Positions(tokens.size(1)));
    }

    /// <summary>Word vectors: ids <c>[...]</c> to <c>[..., D]</c>.</summary>
    public Tensor Words(Tensor tokens) => Functional.Embedding(_words.Weight, tokens, _options.PaddingToken ?? -1);

    /// <summary>The vector of one segment, <c>[D]</c>.</summary>
    public Tensor Segment(long segment) => _segments.Weight.select(0, segment);

    /// <summary>The vectors of the first positions, <c>[L, D]</c>.</summary>
    /// <exception cref="ArgumentException">The sequence is longer than the position table.</exception>
    public Tensor Positions(long length)
    {
        if (length > _options.MaximumLength)
        {
            throw new ArgumentException(
                $"A sequence of {length} tokens does not fit into BERT's {_options.MaximumLength} positions; cut the text or choose a "
                    + $"longer model.",
                nameof(length)
            );
        }

        return _positions.Weight.narrow(0, 0, length);
    }

    /// <summary>Position vectors by index: <c>[...]</c> to <c>[..., D]</c>.</summary>
    public Tensor PositionsOf(Tensor indices) => _positions.Forward(indices);

    /// <summary>Layer norm and dropout of a sum <c>[..., D]</c>.</summary>
    public Tensor Normalise(Tensor sum) => Functional.Dropout(_norm.Forward(sum), _options.Dropout, training);
}
