// Byte-level BPE in Hugging Face's tokenizer.json.
using System.Text.Json;

namespace Duet.Text;

/// <summary>Reads and writes <see cref="ClipBpe"/> as <c>tokenizer.json</c>, described so that Hugging Face's library reads it
/// alike.</summary>
internal static class BpeJson
{
    private const string WordPattern = @"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+";

    /// <summary>Builds the tokenizer from a parsed file: CLIP's kind with end-of-word markers, or RoBERTa's without.</summary>
    public static ITokenizer ReadAny(JsonElement root) =>
        string.IsNullOrEmpty(TokenizerJson.OptionalText(TokenizerJson.Property(root, "model", JsonValueKind.Object), "end_of_word_suffix"))
            ? RobertaBpeJson.Read(root)
            : Read(root);

    /// <summary>Builds CLIP's tokenizer from a parsed file.</summary>
    public static ClipBpe Read(JsonElement root)
    {
        var model = TokenizerJson.Property(root, "model", JsonValueKind.Object);
        string? suffix = TokenizerJson.OptionalText(model, "end_of_word_suffix");
        if (!string.Equals(suffix, ClipBpe.EndOfWord, StringComparison.Ordinal))
        {
            throw new TokenizerFormatException(
                $"end_of_word_suffix is '{suffix}'; CLIP's kind of BPE has '{ClipBpe.EndOfWord}', RoBERTa's none."
            );
        }

        string[] tokens = TokenizerJson.Vocabulary(
            TokenizerJson.Property(model, "vocab", JsonValueKind.Object),
            TokenizerJson.AddedTokens(root)
        );
        var merges = TokenizerJson.Property(model, "merges", JsonValueKind.Array).EnumerateArray().Select(ReadMerge).ToList();
        return new ClipBpe(tokens, merges);
    }

    /// <summary>Writes the file into a folder.</summary>
    public static void Write(ClipBpe tokenizer, string folder)
    {
        AddedToken[] added = [new(tokenizer.StartId, ClipBpe.StartToken), new(tokenizer.EndId, ClipBpe.EndToken)];
        TokenizerJson.Write(
            folder,
            added,
            writer =>
            {
                // Hugging Face's normalizers cannot repair encodings or HTML; these three are its own description of CLIP.
                writer.WritePropertyName("normalizer");
                writer.WriteRawValue(
                    """
                    {"type":"Sequence","normalizers":[
                      {"type":"NFC"},{"type":"Replace","pattern":{"Regex":"\\s+"},"content":" "},{"type":"Lowercase"}]}
                    """
                );
                writer.WritePropertyName("pre_tokenizer");
                writer.WriteRawValue(
                    $$$"""
                    {"type":"Sequence","pretokenizers":[
                      {"type":"Split","pattern":{"Regex":{{{JsonSerializer.Serialize(WordPattern)}}}},"behavior":"Removed","invert":true},
                      {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]}
                    """
                );
                writer.WritePropertyName("post_processor");
                writer.WriteRawValue(
                    $$"""
                    {"type":"RobertaProcessing","sep":["{{ClipBpe.EndToken}}",{{tokenizer.EndId}}],
                      "cls":["{{ClipBpe.StartToken}}",{{tokenizer.StartId}}],"trim_offsets":false,"add_prefix_space":false}
                    """
                );
                writer.WritePropertyName("decoder");
                writer.WriteRawValue("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}""");
                WriteModel(writer, ClipBpe.EndToken, ClipBpe.EndOfWord, tokenizer.Tokens, tokenizer.Merges);
            }
        );
    }

    /// <summary>Writes the part that CLIP's and RoBERTa's files have in common: the vocabulary and the merges.</summary>
    internal static void WriteModel(
        Utf8JsonWriter writer,
        string? unknown,
        string endOfWord,
        IReadOnlyList<string> tokens,
        IReadOnlyList<(string Left, string Right)> merges
    )
    {
        writer.WriteStartObject("model");
        writer.WriteString("type", "BPE");
        writer.WriteNull("dropout");
        writer.WriteString("unk_token", unknown);
        writer.WriteString("continuing_subword_prefix", string.Empty);
        writer.WriteString("end_of_word_suffix", endOfWord);
        writer.WriteBoolean("fuse_unk", false);
        TokenizerJson.WriteVocabulary(writer, tokens);
        writer.WriteStartArray("merges");
        foreach (var (left, right) in merges)
        {
            writer.WriteStringValue($"{left} {right}");
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // Newer versions of the library write a merge as an array of two, older ones as one text.
    internal static (string Left, string Right) ReadMerge(JsonElement merge, int rank) =>
        merge.ValueKind switch
        {
            JsonValueKind.String => TokenizerJson.SplitMerge(merge.GetString()!, $"merge {rank}"),
            JsonValueKind.Array
                when merge.GetArrayLength() == 2
                    && merge[0].ValueKind == JsonValueKind.String
                    && merge[1].ValueKind == JsonValueKind.String => (merge[0].GetString()!, merge[1].GetString()!),
            _ => throw new TokenizerFormatException($"merge {rank}: expected a text or an array of two texts."),
        };
}
