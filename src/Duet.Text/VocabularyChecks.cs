// Limits and checks that every vocabulary passes, whatever file it came from.
namespace Duet.Text;

/// <summary>Checks on vocabularies and their files.</summary>
internal static class VocabularyChecks
{
    /// <summary>The largest vocabulary accepted.</summary>
    public const int LargestVocabulary = 1 << 20;

    /// <summary>The largest vocabulary file accepted, in bytes, after decompression.</summary>
    public const int LargestFile = 64 << 20;

    /// <summary>The longest token accepted, in UTF-16 units.</summary>
    public const int LongestToken = 1024;

    /// <summary>Token to id; throws where a token is empty, too long or occurs twice.</summary>
    public static Dictionary<string, int> Index(IReadOnlyList<string> tokens, bool allowEmpty = false)
    {
        CheckSize(tokens.Count);
        var ids = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        for (int id = 0; id < tokens.Count; id++)
        {
            string token = tokens[id];
            if ((token.Length == 0 && !allowEmpty) || token.Length > LongestToken)
            {
                throw new TokenizerFormatException($"Token {id} has {token.Length} characters; expected 1 to {LongestToken}.");
            }

            if (!ids.TryAdd(token, id))
            {
                throw new TokenizerFormatException($"Token '{token}' occurs twice in the vocabulary, as {ids[token]} and {id}.");
            }
        }

        return ids;
    }

    /// <summary>Throws where a vocabulary is empty or too large.</summary>
    public static void CheckSize(long count)
    {
        if (count is < 1 or > LargestVocabulary)
        {
            throw new TokenizerFormatException($"The vocabulary has {count} tokens; expected 1 to {LargestVocabulary}.");
        }
    }

    /// <summary>Throws where a setting is out of its range; the message names the setting.</summary>
    public static void InRange(int value, int low, int high, string setting)
    {
        if (value < low || value > high)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"{setting} must be from {low} to {high}.");
        }
    }

    /// <summary>The bytes of a file of acceptable size.</summary>
    /// <exception cref="TokenizerFormatException">The file is too large.</exception>
    public static byte[] ReadFile(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        return ReadAll(stream, file);
    }

    /// <summary>Everything a stream holds, up to the size limit, whatever the stream says about its length.</summary>
    public static byte[] ReadAll(Stream stream, string file)
    {
        using var copy = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            if (copy.Length + read > LargestFile)
            {
                throw new TokenizerFormatException(file, $"is larger than {LargestFile} bytes, the limit for tokenizer files.", null);
            }

            copy.Write(buffer, 0, read);
        }

        return copy.ToArray();
    }

    /// <summary>Runs a reader and puts the file's name on what it complains about.</summary>
    public static T InFile<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (TokenizerFormatException error) when (error.File is null)
        {
            throw new TokenizerFormatException(file, error.Message, error);
        }
        catch (Exception error)
            when (error
                    is System.Text.Json.JsonException
                        or InvalidDataException
                        or FormatException
                        or InvalidOperationException
                        or OverflowException
                        or Google.Protobuf.InvalidProtocolBufferException
            )
        {
            throw new TokenizerFormatException(file, $"is damaged: {error.Message}", error);
        }
    }

    /// <summary>Writes a file under a temporary name and renames it, so that no reader ever sees half a file.</summary>
    public static void WriteFile(string file, ReadOnlySpan<byte> content)
    {
        string temporary = $"{file}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
