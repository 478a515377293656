// Reads SentencePiece model files.
using System.Text;
using Google.Protobuf;

namespace Duet.Text;

/// <summary>
/// Reads a SentencePiece <c>.model</c> file (protocol buffer <c>ModelProto</c>; field numbers of sentencepiece_model.proto) and gives its
/// unigram vocabulary ids. A file that begins with <c>&lt;pad&gt; &lt;/s&gt; &lt;unk&gt;</c> is T5's or mT5's, whose ids are the places in
/// the file. All others have XLM-RoBERTa's ids: <c>&lt;s&gt;</c> 0, <c>&lt;pad&gt;</c> 1, <c>&lt;/s&gt;</c> 2, <c>&lt;unk&gt;</c> 3, every
/// other piece one more than in the file, <c>&lt;mask&gt;</c> last.
/// </summary>
internal static class SentencePieceModel
{
    private const int Unigram = 1;
    private const int UnknownType = 2;
    private const int ControlType = 3;
    private const int UserDefinedType = 4;
    private const int UnusedType = 5;
    private const int ByteType = 6;

    /// <summary>Reads a file.</summary>
    /// <exception cref="TokenizerFormatException">The file is damaged, too large, or not a unigram model.</exception>
    public static UnigramVocabulary Read(string file) => VocabularyChecks.InFile(file, () => Parse(VocabularyChecks.ReadFile(file)));

    private static UnigramVocabulary Parse(byte[] content)
    {
        var pieces = new List<(string Text, float Score, int Type)>();
        int modelType = Unigram;
        byte[] normalizer = [];
        Fields(
            content,
            (tag, input) =>
            {
                switch (tag)
                {
                    case 1:
                        pieces.Add(ParsePiece(input.ReadBytes().ToByteArray()));
                        VocabularyChecks.CheckSize(pieces.Count);
                        return true;
                    case 2:
                        modelType = ParseModelType(input.ReadBytes().ToByteArray());
                        return true;
                    case 3:
                        normalizer = input.ReadBytes().ToByteArray();
                        return true;
                    default:
                        return false;
                }
            }
        );
        if (modelType != Unigram)
        {
            throw new TokenizerFormatException($"SentencePiece model type {modelType} is not supported; expected 1 (unigram).");
        }

        return IsT5(pieces) ? WithOwnIds(pieces, normalizer) : WithXlmRobertaIds(pieces, normalizer);
    }

    private static bool IsT5(List<(string Text, float Score, int Type)> pieces) =>
        pieces.Count > 3
        && pieces[0] is ("<pad>", _, ControlType)
        && pieces[1] is ("</s>", _, ControlType)
        && pieces[2].Type == UnknownType;

    private static UnigramVocabulary WithOwnIds(List<(string Text, float Score, int Type)> pieces, byte[] normalizer)
    {
        List<UnigramToken> tokens = [.. pieces.Select(piece => new UnigramToken(piece.Text, piece.Score, KindOf(piece.Type)))];
        return new UnigramVocabulary(
            tokens,
            StartId: -1,
            PaddingId: 0,
            EndId: 1,
            UnknownId: 2,
            MaskId: -1,
            ParseNormalizer(normalizer, tokens)
        );
    }

    private static UnigramVocabulary WithXlmRobertaIds(List<(string Text, float Score, int Type)> pieces, byte[] normalizer)
    {
        if (pieces.Count < 3 || pieces[0].Type != UnknownType || pieces[1].Type != ControlType || pieces[2].Type != ControlType)
        {
            throw new TokenizerFormatException(
                "the first three pieces must be the unknown, the start and the end piece, as in XLM-RoBERTa's models, or padding, end "
                    + "and unknown, as in T5's."
            );
        }

        List<UnigramToken> tokens =
        [
            new("<s>", 0, UnigramTokenKind.Special),
            new("<pad>", 0, UnigramTokenKind.Special),
            new("</s>", 0, UnigramTokenKind.Special),
            new("<unk>", 0, UnigramTokenKind.Special),
            .. pieces.Skip(3).Select(piece => new UnigramToken(piece.Text, piece.Score, KindOf(piece.Type))),
            new("<mask>", 0, UnigramTokenKind.Special),
        ];
        return new UnigramVocabulary(tokens, 0, 1, 2, 3, tokens.Count - 1, ParseNormalizer(normalizer, tokens));
    }

    private static UnigramTokenKind KindOf(int type) =>
        type switch
        {
            1 => UnigramTokenKind.Normal,
            UserDefinedType => UnigramTokenKind.UserDefined,
            ByteType => UnigramTokenKind.Byte,
            UnknownType or ControlType or UnusedType => UnigramTokenKind.Special,
            _ => throw new TokenizerFormatException($"piece type {type} is unknown; expected 1 to 6."),
        };

    private static (string Text, float Score, int Type) ParsePiece(byte[] content)
    {
        string text = string.Empty;
        float score = 0;
        int type = 1;
        Fields(
            content,
            (tag, input) =>
            {
                switch (tag)
                {
                    case 1:
                        text = Encoding.UTF8.GetString(input.ReadBytes().Span);
                        return true;
                    case 2:
                        score = input.ReadFloat();
                        return true;
                    case 3:
                        type = input.ReadInt32();
                        return true;
                    default:
                        return false;
                }
            }
        );
        return (text, score, type);
    }

    private static int ParseModelType(byte[] content)
    {
        int type = Unigram;
        Fields(
            content,
            (tag, input) =>
            {
                switch (tag)
                {
                    case 3:
                        type = input.ReadInt32();
                        return true;
                    case 24 when input.ReadBool():
                        throw new TokenizerFormatException("models that treat white space as a suffix are not supported.");
                    case 24:
                        return true;
                    default:
                        return false;
                }
            }
        );
        return type;
    }

    private static SentencePieceNormalizer ParseNormalizer(byte[] content, IEnumerable<UnigramToken> tokens)
    {
        byte[] charsMap = [];
        bool addDummyPrefix = true;
        bool removeExtraWhiteSpace = true;
        Fields(
            content,
            (tag, input) =>
            {
                switch (tag)
                {
                    case 2:
                        charsMap = input.ReadBytes().ToByteArray();
                        return true;
                    case 3:
                        addDummyPrefix = input.ReadBool();
                        return true;
                    case 4:
                        removeExtraWhiteSpace = input.ReadBool();
                        return true;
                    case 5 when !input.ReadBool():
                        throw new TokenizerFormatException("models that do not escape white space are not supported.");
                    case 5:
                        return true;
                    default:
                        return false;
                }
            }
        );
        var userDefined = tokens.Where(token => token.Kind == UnigramTokenKind.UserDefined).Select(token => token.Text);
        return new SentencePieceNormalizer(charsMap, addDummyPrefix, removeExtraWhiteSpace, userDefined);
    }

    private static void Fields(byte[] content, Func<int, CodedInputStream, bool> read)
    {
        using var input = new CodedInputStream(content);
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            if (!read(WireFormat.GetTagFieldNumber(tag), input))
            {
                input.SkipLastField();
            }
        }
    }
}
