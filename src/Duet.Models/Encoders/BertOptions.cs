// The shape of a BERT encoder.
using Duet.Torch;

namespace Duet.Models.Encoders;

/// <summary>The shape of BERT (Devlin et al., arXiv 1810.04805) and of the one-stream models built on it.</summary>
/// <param name="VocabularySize">Rows of the word table.</param>
/// <param name="Width">Width D of the sequence; a multiple of <paramref name="Heads"/>.</param>
/// <param name="Layers">Transformer blocks.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="MlpWidth">Width of each block's hidden layer; 4 D in the published sizes.</param>
public sealed record BertOptions(int VocabularySize, int Width, int Layers, int Heads, int MlpWidth)
{
    /// <summary>The longest sequence: rows of the position table.</summary>
    public int MaximumLength { get; init; } = 512;

    /// <summary>Rows of the segment (token type) table.</summary>
    public int SegmentCount { get; init; } = 2;

    /// <summary>The activation of the blocks and of the masked-language head: erf GELU in the published code, its tanh form in
    /// EasyTransfer.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Epsilon of every layer norm.</summary>
    public double NormEpsilon { get; init; } = 1e-12;

    /// <summary>Probability of dropping an element of embeddings and sub-layer results while training.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Probability of dropping an attention weight while training.</summary>
    public double AttentionDropout { get; init; } = 0.1;

    /// <summary>Deviation of the starting weights of blocks and pooler; 0.02 as published, for a width of 768.</summary>
    public double InitialDeviation { get; init; } = 0.02;

    /// <summary>The token whose word vector gets no gradient from look-ups (Hugging Face's <c>padding_idx</c>); null for none.</summary>
    public int? PaddingToken { get; init; }

    /// <summary>BERT-base: 12 layers of width 768 (Devlin et al., section 3).</summary>
    public static BertOptions Base(int vocabulary = 30522) => new(vocabulary, 768, 12, 12, 3072);

    /// <summary>Checks every setting.</summary>
    /// <exception cref="OptionException">One is outside its range; the message names it.</exception>
    public void Validate()
    {
        OptionException.Require("vocabulary_size", VocabularySize, 4, 10_000_000, "there must be words besides the special tokens");
        OptionException.Require("bert.width", Width, 1, 65_536, "wider models do not exist");
        OptionException.Require("bert.layers", Layers, 1, 256, "deeper models do not exist");
        OptionException.Require(Heads >= 1 && Width % Heads == 0, $"bert.width {Width} is not a multiple of bert.heads {Heads}.");
        OptionException.Require("bert.mlp_width", MlpWidth, 1, 262_144, "four times the width is usual");
        OptionException.Require("bert.maximum_length", MaximumLength, 1, 1_000_000, "every position has a vector");
        OptionException.Require("bert.segment_count", SegmentCount, 1, 65_536, "every segment has a vector");
        OptionException.Require("bert.norm_epsilon", NormEpsilon, 1e-15, 0.1, "it only keeps variances above zero");
        OptionException.Require("bert.dropout", Dropout, 0, 0.9, "more leaves nothing to learn from");
        OptionException.Require("bert.attention_dropout", AttentionDropout, 0, 0.9, "more leaves nothing to learn from");
        OptionException.Require("bert.initial_deviation", InitialDeviation, 1e-6, 1, "weights must start small but not all the same");
        OptionException.Require(
            PaddingToken is null || (PaddingToken >= 0 && PaddingToken < VocabularySize),
            $"bert.padding_token {PaddingToken} is not an id of the vocabulary of {VocabularySize} tokens."
        );
    }
}
