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

    /// <summary>The activation of the blocks and of the masked-language head: erf GELU in the published code, its tanh form in EasyTransfer.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Epsilon of every layer norm.</summary>
    public double NormEpsilon { get; init; } = 1e-12;

    /// <summary>Probability of dropping an element of embeddings and sub-layer results while training.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Probability of dropping an attention weight while training.</summary>
    public double AttentionDropout { get; init; } = 0.1;

    /// <summary>The token whose word vector gets no gradient from look-ups (Hugging Face's <c>padding_idx</c>); null for none.</summary>
    public int? PaddingToken { get; init; }

    /// <summary>2 layers of width 64: for tests and demonstrations.</summary>
    public static BertOptions Tiny(int vocabulary) => new(vocabulary, 64, 2, 4, 128) { MaximumLength = 128 };

    /// <summary>4 layers of width 256, for training from scratch on a CPU.</summary>
    public static BertOptions Small(int vocabulary) => new(vocabulary, 256, 4, 4, 1024) { MaximumLength = 256 };

    /// <summary>BERT-base: 12 layers of width 768 (Devlin et al., section 3).</summary>
    public static BertOptions Base(int vocabulary = 30522) => new(vocabulary, 768, 12, 12, 3072);

    /// <summary>BERT-large: 24 layers of width 1024 (Devlin et al., section 3).</summary>
    public static BertOptions Large(int vocabulary = 30522) => new(vocabulary, 1024, 24, 16, 4096);

    /// <summary>Checks every value.</summary>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public BertOptions Validated()
    {
        Require(VocabularySize is >= 4 and <= 10_000_000, nameof(VocabularySize), VocabularySize, "4 to 10,000,000");
        Require(Width is >= 1 and <= 65_536, nameof(Width), Width, "1 to 65,536");
        Require(Layers is >= 1 and <= 256, nameof(Layers), Layers, "1 to 256");
        Require(Heads >= 1 && Width % Heads == 0, nameof(Heads), Heads, $"a divisor of the width {Width}");
        Require(MlpWidth is >= 1 and <= 262_144, nameof(MlpWidth), MlpWidth, "1 to 262,144");
        Require(MaximumLength is >= 1 and <= 1_000_000, nameof(MaximumLength), MaximumLength, "1 to 1,000,000");
        Require(SegmentCount is >= 1 and <= 65_536, nameof(SegmentCount), SegmentCount, "1 to 65,536");
        Require(NormEpsilon is > 0 and < 1, nameof(NormEpsilon), NormEpsilon, "above 0 and below 1");
        Require(Dropout is >= 0 and < 1, nameof(Dropout), Dropout, "0 to below 1: a probability");
        Require(AttentionDropout is >= 0 and < 1, nameof(AttentionDropout), AttentionDropout, "0 to below 1: a probability");
        Require(PaddingToken is null || (PaddingToken >= 0 && PaddingToken < VocabularySize), nameof(PaddingToken), PaddingToken ?? 0, "a token of the vocabulary");
        return this;
    }

    private static void Require(bool holds, string name, object value, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"BERT's {name} is {value}; it must be {range}.", name);
        }
    }
}
