// BERT with its two pre-training heads.
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Heads;

/// <summary>BERT with the masked-language head and the two-class head on the pooled state (Devlin et al., arXiv 1810.04805, section
/// 3.1).</summary>
public sealed class BertPretraining : Module
{
    private readonly Linear _next;

    /// <summary>Creates the encoder and both heads.</summary>
    public BertPretraining(BertOptions options)
    {
        Bert = Add("bert", new BertEncoder(options));
        Words = Add("words", new MaskedLanguageHead(options));
        _next = Add("next", new Linear(options.Width, 2));
    }

    /// <summary>The encoder.</summary>
    public BertEncoder Bert { get; }

    /// <summary>The masked-language head; its decoder is the encoder's word table.</summary>
    public MaskedLanguageHead Words { get; }

    /// <summary>Scores of all words: <c>[..., D] -> [..., V]</c>.</summary>
    public Tensor WordLogits(Tensor hidden) => Words.Forward(hidden, Bert.Embeddings.WordTable);

    /// <summary>Scores of "follows" and "does not": <c>[B, D] -> [B, 2]</c>.</summary>
    public Tensor NextLogits(Tensor pooled) => _next.Forward(pooled);
}
