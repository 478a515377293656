// SentencePiece's normalization: character map, white space, word marks.
using System.Text;

namespace Duet.Text;

/// <summary>
/// Normalizes text as SentencePiece does (google/sentencepiece, <c>normalizer</c>): characters are replaced by the model's own map
/// (nmt_nfkc in XLM-R), runs of blanks are collapsed, blanks are written as <c>▁</c>, and one is put before the text.
/// </summary>
internal sealed class SentencePieceNormalizer
{
    /// <summary>What a blank is written as.</summary>
    public const char Mark = '\u2581';

    private readonly CharsMap? _map;
    private readonly byte[][] _userDefined;

    /// <summary>Takes the settings of a model file.</summary>
    /// <param name="charsMap">The precompiled character map; empty for none.</param>
    /// <param name="addDummyPrefix">Whether a blank is put before the text.</param>
    /// <param name="removeExtraWhiteSpace">Whether blanks at both ends go and runs of blanks become one.</param>
    /// <param name="userDefined">Pieces that are taken as they are.</param>
    public SentencePieceNormalizer(byte[] charsMap, bool addDummyPrefix, bool removeExtraWhiteSpace, IEnumerable<string> userDefined)
    {
        CharsMapBytes = charsMap;
        AddDummyPrefix = addDummyPrefix;
        RemoveExtraWhiteSpace = removeExtraWhiteSpace;
        _map = charsMap.Length == 0 ? null : new CharsMap(charsMap);
        _userDefined = [.. userDefined.Select(Encoding.UTF8.GetBytes).OrderByDescending(symbol => symbol.Length)];
    }

    /// <summary>The precompiled character map as it is in the file.</summary>
    public byte[] CharsMapBytes { get; }

    /// <summary>Whether a blank is put before the text.</summary>
    public bool AddDummyPrefix { get; }

    /// <summary>Whether blanks at both ends go and runs of blanks become one.</summary>
    public bool RemoveExtraWhiteSpace { get; }

    /// <summary>The normalized text, blanks as <c>▁</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="inside">Whether it stands behind other text: then nothing is put before it or taken from its beginning.</param>
    public string Normalize(string text, bool inside = false)
    {
        ReadOnlySpan<byte> input = Encoding.UTF8.GetBytes(text);
        var output = new List<byte>(input.Length + 16);
        if (RemoveExtraWhiteSpace && !inside)
        {
            SkipLeadingBlanks(ref input);
        }

        if (input.IsEmpty)
        {
            return string.Empty;
        }

        if (AddDummyPrefix && !inside)
        {
            AppendMark(output);
        }

        bool afterBlank = RemoveExtraWhiteSpace && !inside;
        while (!input.IsEmpty)
        {
            int length = Next(input, out var form);
            if (afterBlank)
            {
                form = form.TrimStart((byte)' ');
            }

            foreach (byte value in form)
            {
                if (value == ' ')
                {
                    AppendMark(output);
                }
                else
                {
                    output.Add(value);
                }
            }

            afterBlank = RemoveExtraWhiteSpace && (form.IsEmpty ? afterBlank : form[^1] == ' ');
            input = input[length..];
        }

        string result = Encoding.UTF8.GetString([.. output]);
        return RemoveExtraWhiteSpace ? result.TrimEnd(Mark) : result;
    }

    private static void AppendMark(List<byte> output) => output.AddRange("\u2581"u8);

    private void SkipLeadingBlanks(ref ReadOnlySpan<byte> input)
    {
        while (!input.IsEmpty)
        {
            int length = Next(input, out var form);
            if (!form.SequenceEqual(" "u8))
            {
                return;
            }

            input = input[length..];
        }
    }

    private int Next(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> form)
    {
        foreach (byte[] symbol in _userDefined)
        {
            if (input.StartsWith(symbol))
            {
                form = symbol;
                return symbol.Length;
            }
        }

        int length = _map?.LongestPrefix(input, out form) ?? NothingKnown(out form);
        if (length == 0)
        {
            // The bytes come from a .NET string, so they are valid UTF-8 and the first one gives the length.
            length = input[0] switch
            {
                < 0x80 => 1,
                < 0xE0 => 2,
                < 0xF0 => 3,
                _ => 4,
            };
            form = input[..length];
        }

        return length;
    }

    private static int NothingKnown(out ReadOnlySpan<byte> form)
    {
        form = default;
        return 0;
    }
}
