// The head that guesses masked words.
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Heads;

/// <summary>
/// BERT's masked-language head: linear map, activation, layer norm, then the transposed word table and a bias of its own
/// (Devlin et al., section 3.1; parameter names as in the published <c>cls.predictions</c>).
/// </summary>
public sealed class MaskedLanguageHead : Module
{
    private readonly Activation _activation;
    private readonly Linear _dense;
    private readonly LayerNorm _norm;
    private readonly Tensor _bias;

    /// <summary>Creates the head for a BERT of the given shape.</summary>
    public MaskedLanguageHead(BertOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _activation = options.Activation;
        _dense = Add("dense", new Linear(options.Width, options.Width));
        _norm = Add("LayerNorm", new LayerNorm(options.Width, options.NormEpsilon));
        _bias = AddParameter("bias", zeros([options.VocabularySize]));
    }

    /// <summary>States before the decoder: <c>[..., D] -> [..., D]</c>.</summary>
    public Tensor Transform(Tensor hidden) =>
        _norm.Forward(Functional.Activate(_dense.Forward(hidden), _activation).to(ScalarType.Float32));

    /// <summary>Scores of all words: <c>[..., D] -> [..., V]</c>.</summary>
    /// <param name="hidden">States of the encoder, <c>[..., D]</c>.</param>
    /// <param name="wordTable">The encoder's word table, <c>[V, D]</c>, shared with it.</param>
    public Tensor Forward(Tensor hidden, Tensor wordTable) => nn.functional.linear(Transform(hidden), wordTable, _bias);
}
