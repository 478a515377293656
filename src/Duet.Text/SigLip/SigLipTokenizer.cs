// SigLIP's tokenizer: cleaning, then a SentencePiece vocabulary with T5's ids.
namespace Duet.Text;

/// <summary>
/// The tokenizer of SigLIP (arXiv 2303.15343; Hugging Face's tokenization_siglip.py, open_clip's tokenizer.py): the text is lower-cased,
/// its ASCII punctuation is deleted, and a unigram model cuts it (<see cref="Unigram"/>). Nothing stands before a text; <c>&lt;/s&gt;</c>
/// (id 1) ends it and fills the row. Immutable; safe for many threads.
/// </summary>
public sealed class SigLipTokenizer : ITokenizer
{
    /// <summary>The kind written to configurations.</summary>
    public const string KindName = "siglip";

    private readonly SpecialTokenSplitter _specials;

    /// <summary>Puts cleaning before a vocabulary.</summary>
    /// <param name="vocabulary">A unigram vocabulary whose texts have no start token.</param>
    /// <param name="cleaning">The cleaning its weights were trained with.</param>
    /// <exception cref="TokenizerFormatException">The vocabulary has a start token, as XLM-RoBERTa's does.</exception>
    public SigLipTokenizer(Unigram vocabulary, SigLipCleaning cleaning)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        if (vocabulary.StartId >= 0)
        {
            throw new TokenizerFormatException(
                "The vocabulary has a start token, as XLM-RoBERTa's does; SigLIP's begins with <pad>, </s> and <unk>."
            );
        }

        (Vocabulary, Cleaning) = (vocabulary, cleaning);
        _specials = new([
            (vocabulary.Vocabulary.Tokens[vocabulary.EndId].Text, vocabulary.EndId),
            (vocabulary.Vocabulary.Tokens[vocabulary.UnknownId].Text, vocabulary.UnknownId),
        ]);
    }

    /// <summary>The vocabulary behind the cleaning.</summary>
    public Unigram Vocabulary { get; }

    /// <summary>The cleaning before the vocabulary.</summary>
    public SigLipCleaning Cleaning { get; }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int VocabularySize => Vocabulary.VocabularySize;

    /// <summary>The end token: SigLIP fills rows with it.</summary>
    public int PaddingId => EndId;

    /// <inheritdoc/>
    public int StartId => -1;

    /// <inheritdoc/>
    public int EndId => Vocabulary.EndId;

    /// <inheritdoc/>
    public int MaskId => -1;

    /// <summary>A tokenizer with this cleaning: of a plain vocabulary, or of one that another cleaning stands before.</summary>
    /// <param name="tokenizer">What a file held.</param>
    /// <param name="cleaning">The cleaning; null keeps the file's own, and takes Hugging Face's where it says nothing.</param>
    /// <returns>Null where the tokenizer is of another kind.</returns>
    public static SigLipTokenizer? From(ITokenizer tokenizer, SigLipCleaning? cleaning = null) =>
        tokenizer switch
        {
            SigLipTokenizer known => cleaning is null || cleaning == known.Cleaning ? known : new(known.Vocabulary, cleaning.Value),
            Unigram { StartId: < 0 } vocabulary => new(vocabulary, cleaning ?? SigLipCleaning.HuggingFace),
            _ => null,
        };

    /// <summary>The ids of a text, without the end id that every row gets; an end token that the text itself ends with is that
    /// one.</summary>
    public int[] Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int[] ids = [.. Segment(text).Select(piece => piece.Id)];
        return ids.Length > 0 && ids[^1] == EndId ? ids[..^1] : ids;
    }

    /// <summary>The pieces of a text, special tokens among them.</summary>
    public IReadOnlyList<UnigramPiece> Segment(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Cleaning == SigLipCleaning.OpenClip ? Vocabulary.Segment(SigLipCleaner.Canonicalize(text)) : Published(text);
    }

    /// <summary>What the vocabulary is given of a text: one string per part between special tokens.</summary>
    public IReadOnlyList<string> Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Cleaning == SigLipCleaning.OpenClip
            ? [SigLipCleaner.Canonicalize(text)]
            : [.. Parts(text).Where(part => part.Id < 0).Select(part => part.Text)];
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids) => Vocabulary.Decode(ids);

    /// <summary>Writes <c>tokenizer.json</c> in Hugging Face's format into an existing folder, replacing a file of that name.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string folder) => UnigramJson.Write(Vocabulary, folder, Cleaning);

    private List<UnigramPiece> Published(string text)
    {
        var pieces = new List<UnigramPiece>();
        foreach (var (part, id) in Parts(text))
        {
            if (id < 0)
            {
                pieces.AddRange(Vocabulary.SegmentInside(part));
                continue;
            }

            // A word mark without a word before a special token.
            if (pieces is [{ Text: "\u2581" }])
            {
                pieces.Clear();
            }

            pieces.Add(new(part, id));
        }

        return pieces;
    }

    // The word mark comes first and special tokens are looked for after lower-casing, as in the published code.
    private IEnumerable<(string Text, int Id)> Parts(string text)
    {
        const char Mark = SentencePieceNormalizer.Mark;
        var marked = SigLipCleaner.LowerEach(Mark + text.Replace(Mark, ' '));
        return _specials.Split(marked).Select(part => part.Id < 0 ? (SigLipCleaner.DeletePunctuation(part.Text), -1) : part);
    }
}
