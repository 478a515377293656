// BERT: embeddings, post-norm transformer, pooler. Text alone, or any sequence of vectors of its width.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// BERT (Devlin et al., arXiv 1810.04805): post-norm transformer blocks over word + position + segment vectors; hidden keys get -10000
/// added to their scores; the pooler is a linear map and tanh on the first state. Weights start from N(0, 0.02) as published.
/// </summary>
public sealed class BertEncoder : Module
{
    /// <summary>What is added to the scores of hidden keys: finite, so that a row without any visible key stays a number.</summary>
    public const double HiddenScore = -10000;

    private readonly Transformer _layers;
    private readonly Linear? _pooler;

    /// <summary>Creates the encoder.</summary>
    /// <param name="options">Its shape.</param>
    /// <param name="pooler">Whether it has a pooler; a system that reads the states needs none.</param>
    public BertEncoder(BertOptions options, bool pooler = true)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        Embeddings = Add("embeddings", new BertEmbeddings(options));
        _layers = Add(
            "encoder",
            new Transformer(
                new TransformerOptions(options.Width, options.Heads, options.Layers, options.MlpWidth)
                {
                    Activation = options.Activation,
                    PreNorm = false,
                    NormEpsilon = options.NormEpsilon,
                    Dropout = options.Dropout,
                    AttentionDropout = options.AttentionDropout,
                }
            )
        );
        Initialise(_layers, options.InitialDeviation);
        _pooler = pooler ? Add("pooler", new Linear(options.Width, options.Width, deviation: options.InitialDeviation)) : null;
    }

    /// <summary>The encoder's shape.</summary>
    public BertOptions Options { get; }

    /// <summary>The input tables.</summary>
    public BertEmbeddings Embeddings { get; }

    /// <summary>The transformer blocks alone: what MMBT freezes at first.</summary>
    public Module Layers => _layers;

    /// <summary>Encodes text.</summary>
    /// <param name="tokens">Token ids, <c>[B, L]</c>.</param>
    /// <param name="visible">1 or true where a token may be attended to, <c>[B, L]</c>; null for everywhere.</param>
    /// <param name="segments">Segment ids, <c>[B, L]</c>; null for 0.</param>
    /// <exception cref="ArgumentException">The sequence is longer than the position table.</exception>
    public BertOutput Forward(Tensor tokens, Tensor? visible = null, Tensor? segments = null) =>
        Encode(Embeddings.Forward(tokens, segments), visible);

    /// <summary>Encodes a sequence of vectors.</summary>
    /// <param name="sequence">Normalised embeddings, <c>[B, L, D]</c>.</param>
    /// <param name="visible">1 or true where a position may be attended to, <c>[B, L]</c>; null for everywhere.</param>
    public BertOutput Encode(Tensor sequence, Tensor? visible)
    {
        var hidden = _layers.Forward(sequence, visible is null ? null : AdditiveMask(visible));
        return new(hidden, Pool(hidden));
    }

    /// <summary>The last layer's states of a text, without the pooler: <c>[B, L] -> [B, L, D]</c>.</summary>
    /// <param name="tokens">Token ids, <c>[B, L]</c>.</param>
    /// <param name="visible">1 or true where a token may be attended to, <c>[B, L]</c>.</param>
    /// <exception cref="ArgumentException">The sequence is longer than the position table.</exception>
    public Tensor States(Tensor tokens, Tensor visible) => _layers.Forward(Embeddings.Forward(tokens), AdditiveMask(visible));

    /// <summary><c>tanh(W x + b)</c> of the first state: <c>[B, L, D] -> [B, D]</c>.</summary>
    /// <exception cref="InvalidOperationException">It was built without a pooler.</exception>
    public Tensor Pool(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return (_pooler ?? throw new InvalidOperationException("This BERT encoder has no pooler.")).Forward(hidden.select(1, 0)).tanh();
    }

    /// <summary>
    /// What is added to the attention scores: 0 for visible keys, -10000 for hidden ones, <c>[B, L] -> [B, 1, 1, L]</c>. Finite on purpose:
    /// a row without any visible key stays a number.
    /// </summary>
    public static Tensor AdditiveMask(Tensor visible)
    {
        ArgumentNullException.ThrowIfNull(visible);
        return (visible.to(ScalarType.Float32).SubtractedFrom(1.0)).unsqueeze(1).unsqueeze(2).Times(HiddenScore);
    }

    private static void Initialise(Module module, double deviation)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        foreach (var (_, parameter) in module.NamedParameters().Where(parameter => parameter.Value.dim() > 1))
        {
            parameter.normal_(0, deviation);
        }
    }
}
