// Reads CLIP vocabularies in their two plain forms: the published gzip file, and vocab.json with merges.txt.
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Duet.Text;

/// <summary>Readers of byte-level BPE vocabularies other than <c>tokenizer.json</c>.</summary>
public static class BpeFiles
{
    /// <summary>The number of merges of the published vocabulary that CLIP uses: 49,152 - 256 - 2.</summary>
    public const int PublishedMerges = 48894;

    /// <summary>
    /// Reads a merges file in the published form (<c>bpe_simple_vocab_16e6.txt.gz</c>): one header line, then one merge per line. The
    /// vocabulary is the 256 byte symbols, the same with the end-of-word marker, one token per merge, then start and end.
    /// </summary>
    /// <param name="file">The file, gzip-compressed or plain.</param>
    /// <param name="mergeCount">How many merges to take; a shorter file gives fewer.</param>
    /// <exception cref="TokenizerFormatException">The file is damaged or too large.</exception>
    public static ClipBpe ReadPublished(string file, int mergeCount = PublishedMerges)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ArgumentOutOfRangeException.ThrowIfNegative(mergeCount);
        return VocabularyChecks.InFile(
            file,
            () =>
            {
                var merges = ParseMerges(Unpack(file), mergeCount, headerAlways: true);
                var tokens = new List<string>(merges.Count + 514);
                tokens.AddRange(ByteLevelAlphabet.VocabularyOrder.Select(symbol => symbol.ToString()));
                tokens.AddRange(ByteLevelAlphabet.VocabularyOrder.Select(symbol => symbol + ClipBpe.EndOfWord));
                tokens.AddRange(merges.Select(merge => merge.Left + merge.Right));
                tokens.Add(ClipBpe.StartToken);
                tokens.Add(ClipBpe.EndToken);
                return new ClipBpe(tokens, merges);
            }
        );
    }

    /// <summary>Reads Hugging Face's pair of files, of CLIP's kind or of RoBERTa's: only the first has a start of text.</summary>
    /// <param name="vocabularyFile"><c>vocab.json</c>: an object from token to id.</param>
    /// <param name="mergesFile"><c>merges.txt</c>: one merge per line, with or without a <c>#version</c> line.</param>
    /// <exception cref="TokenizerFormatException">A file is damaged or too large, or ids are not 0 to n - 1.</exception>
    public static ITokenizer ReadAny(string vocabularyFile, string mergesFile)
    {
        var (tokens, merges) = ReadPair(vocabularyFile, mergesFile);
        return VocabularyChecks.InFile<ITokenizer>(
            mergesFile,
            () =>
                Array.Exists(tokens, token => string.Equals(token, ClipBpe.StartToken, StringComparison.Ordinal))
                || !Array.Exists(tokens, token => string.Equals(token, RobertaBpe.StartToken, StringComparison.Ordinal))
                    ? new ClipBpe(tokens, merges)
                    : new RobertaBpe(tokens, merges)
        );
    }

    /// <summary>Reads Hugging Face's pair of files of CLIP's kind.</summary>
    /// <param name="vocabularyFile"><c>vocab.json</c>: an object from token to id.</param>
    /// <param name="mergesFile"><c>merges.txt</c>: one merge per line, with or without a <c>#version</c> line.</param>
    /// <exception cref="TokenizerFormatException">A file is damaged or too large, or ids are not 0 to n - 1.</exception>
    public static ClipBpe ReadVocabularyAndMerges(string vocabularyFile, string mergesFile)
    {
        var (tokens, merges) = ReadPair(vocabularyFile, mergesFile);
        return VocabularyChecks.InFile(mergesFile, () => new ClipBpe(tokens, merges));
    }

    private static (string[] Tokens, List<(string Left, string Right)> Merges) ReadPair(string vocabularyFile, string mergesFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(vocabularyFile);
        ArgumentException.ThrowIfNullOrEmpty(mergesFile);
        string[] tokens = VocabularyChecks.InFile(
            vocabularyFile,
            () =>
            {
                using var document = JsonDocument.Parse(VocabularyChecks.ReadFile(vocabularyFile));
                return TokenizerJson.Vocabulary(document.RootElement, []);
            }
        );
        var merges = VocabularyChecks.InFile(
            mergesFile,
            () => ParseMerges(VocabularyChecks.ReadFile(mergesFile), VocabularyChecks.LargestVocabulary, headerAlways: false)
        );
        return (tokens, merges);
    }

    private static byte[] Unpack(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        bool packed = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
        stream.Position = 0;
        if (!packed)
        {
            return VocabularyChecks.ReadAll(stream, file);
        }

        using var unpacked = new GZipStream(stream, CompressionMode.Decompress);
        return VocabularyChecks.ReadAll(unpacked, file);
    }

    private static List<(string Left, string Right)> ParseMerges(byte[] content, int limit, bool headerAlways)
    {
        var merges = new List<(string, string)>();
        using var reader = new StringReader(Encoding.UTF8.GetString(content));
        int number = 0;
        while (merges.Count < limit && reader.ReadLine() is { } line)
        {
            number++;
            bool header = number == 1 && (headerAlways || line.StartsWith("#version", StringComparison.Ordinal));
            if (header || line.Length == 0)
            {
                continue;
            }

            merges.Add(TokenizerJson.SplitMerge(line, $"line {number}"));
        }

        return merges;
    }
}
