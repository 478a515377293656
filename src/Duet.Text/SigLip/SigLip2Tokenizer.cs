// SigLIP 2's tokenizer: lower case, then Gemma's vocabulary.
namespace Duet.Text;

/// <summary>
/// The tokenizer of SigLIP 2 (arXiv 2502.14786, section 2.1): texts are lower-cased and cut by Gemma's multilingual vocabulary. Nothing
/// stands before a text, <c>&lt;eos&gt;</c> ends it and <c>&lt;pad&gt;</c> fills the row. open_clip cleans as it does for SigLIP. No
/// recorded ids were at hand: it follows the description of the published file. Immutable; safe for many threads.
/// </summary>
public sealed class SigLip2Tokenizer : ITokenizer
{
    /// <summary>The kind written to configurations.</summary>
    public const string KindName = "siglip2";

    private readonly GemmaBpe _vocabulary;

    internal SigLip2Tokenizer(GemmaBpe vocabulary, SigLipCleaning cleaning) => (_vocabulary, Cleaning) = (vocabulary, cleaning);

    /// <summary>The cleaning before the vocabulary: Hugging Face only lower-cases.</summary>
    public SigLipCleaning Cleaning { get; }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int VocabularySize => _vocabulary.Tokens.Length;

    /// <inheritdoc/>
    public int PaddingId => _vocabulary.PaddingId;

    /// <inheritdoc/>
    public int StartId => -1;

    /// <inheritdoc/>
    public int EndId => _vocabulary.EndId;

    /// <inheritdoc/>
    public int MaskId => -1;

    /// <summary>The same vocabulary behind another cleaning.</summary>
    public SigLip2Tokenizer With(SigLipCleaning cleaning) => cleaning == Cleaning ? this : new(_vocabulary, cleaning);

    /// <inheritdoc/>
    public int[] Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Cleaning == SigLipCleaning.OpenClip
            ? _vocabulary.Encode(SigLipCleaner.Canonicalize(text), part => part)
            : _vocabulary.Encode(text, SigLipCleaner.LowerEach);
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids) => _vocabulary.Decode(ids);

    /// <summary>Writes <c>tokenizer.json</c> in Hugging Face's format into an existing folder, replacing a file of that name.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string folder) => GemmaBpeJson.Write(_vocabulary, Cleaning, folder);
}
