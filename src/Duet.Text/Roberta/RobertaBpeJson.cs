// RoBERTa's byte-level BPE in Hugging Face's tokenizer.json.
using System.Text.Json;

namespace Duet.Text;

/// <summary>Reads and writes <see cref="RobertaBpe"/> as <c>tokenizer.json</c>.</summary>
internal static class RobertaBpeJson
{
    /// <summary>Builds the tokenizer from a parsed file.</summary>
    /// <exception cref="TokenizerFormatException">The file describes another cutting of texts than GPT-2's, or its vocabulary is not
    /// RoBERTa's kind.</exception>
    public static RobertaBpe Read(JsonElement root)
    {
        if (root.TryGetProperty("normalizer", out var normalizer) && normalizer.ValueKind != JsonValueKind.Null)
        {
            throw new TokenizerFormatException(
                "'normalizer' is set; RoBERTa's kind of BPE has none, and texts would be read wrongly without it."
            );
        }

        var cutter = TokenizerJson.Property(root, "pre_tokenizer", JsonValueKind.Object);
        string? type = TokenizerJson.OptionalText(cutter, "type");
        if (
            !string.Equals(type, "ByteLevel", StringComparison.Ordinal)
            || (cutter.TryGetProperty("use_regex", out var pattern) && pattern.ValueKind == JsonValueKind.False)
        )
        {
            throw new TokenizerFormatException($"pre_tokenizer is '{type}'; RoBERTa's kind of BPE has ByteLevel with its own pattern.");
        }

        var model = TokenizerJson.Property(root, "model", JsonValueKind.Object);
        string[] tokens = TokenizerJson.Vocabulary(
            TokenizerJson.Property(model, "vocab", JsonValueKind.Object),
            TokenizerJson.AddedTokens(root)
        );
        var merges = TokenizerJson.Property(model, "merges", JsonValueKind.Array).EnumerateArray().Select(BpeJson.ReadMerge).ToList();
        return new RobertaBpe(
            tokens,
            merges,
            cutter.TryGetProperty("add_prefix_space", out var prefix) && prefix.ValueKind == JsonValueKind.True
        );
    }

    /// <summary>Writes the file into a folder.</summary>
    public static void Write(RobertaBpe tokenizer, string folder)
    {
        AddedToken[] added =
        [
            .. tokenizer.SpecialIds.Order().Select(id => new AddedToken(id, tokenizer.Tokens[id], id == tokenizer.MaskId)),
        ];
        var prefix = tokenizer.AddPrefixSpace ? "true" : "false";
        TokenizerJson.Write(
            folder,
            added,
            writer =>
            {
                writer.WriteNull("normalizer");
                writer.WritePropertyName("pre_tokenizer");
                writer.WriteRawValue($$"""{"type":"ByteLevel","add_prefix_space":{{prefix}},"trim_offsets":true,"use_regex":true}""");
                writer.WritePropertyName("post_processor");
                writer.WriteRawValue(
                    $$"""
                    {"type":"RobertaProcessing","sep":["{{RobertaBpe.EndToken}}",{{tokenizer.EndId}}],
                      "cls":["{{RobertaBpe.StartToken}}",{{tokenizer.StartId}}],"trim_offsets":true,"add_prefix_space":{{prefix}}}
                    """
                );
                writer.WritePropertyName("decoder");
                writer.WriteRawValue("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}""");
                BpeJson.WriteModel(writer, unknown: null, endOfWord: string.Empty, tokenizer.Tokens, tokenizer.Merges);
            }
        );
    }
}
