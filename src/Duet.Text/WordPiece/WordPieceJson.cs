// WordPiece in Hugging Face's tokenizer.json, and BERT's tokenizer_config.json.
using System.Text.Json;

namespace Duet.Text;

/// <summary>Reads and writes <see cref="WordPiece"/> as <c>tokenizer.json</c>.</summary>
internal static class WordPieceJson
{
    /// <summary>The options in a <c>tokenizer_config.json</c>; the uncased defaults where there is none.</summary>
    public static WordPieceOptions ReadConfiguration(string file)
    {
        if (!File.Exists(file))
        {
            return new WordPieceOptions();
        }

        return VocabularyChecks.InFile(
            file,
            () =>
            {
                using var document = JsonDocument.Parse(VocabularyChecks.ReadFile(file));
                return new WordPieceOptions
                {
                    LowerCase = OptionalFlag(document.RootElement, "do_lower_case") ?? true,
                    StripAccents = OptionalFlag(document.RootElement, "strip_accents"),
                    SplitChineseCharacters = OptionalFlag(document.RootElement, "tokenize_chinese_chars") ?? true,
                };
            }
        );
    }

    /// <summary>Builds the tokenizer from a parsed file.</summary>
    public static WordPiece Read(JsonElement root)
    {
        var model = TokenizerJson.Property(root, "model", JsonValueKind.Object);
        string[] tokens = TokenizerJson.Vocabulary(
            TokenizerJson.Property(model, "vocab", JsonValueKind.Object),
            TokenizerJson.AddedTokens(root)
        );
        var normalizer = TokenizerJson.Property(root, "normalizer", JsonValueKind.Object);
        if (TokenizerJson.OptionalText(normalizer, "type") is not "BertNormalizer")
        {
            throw new TokenizerFormatException("the normalizer of a WordPiece model must be of type BertNormalizer.");
        }

        var defaults = new WordPieceOptions();
        return new WordPiece(
            tokens,
            new WordPieceOptions
            {
                LowerCase = OptionalFlag(normalizer, "lowercase") ?? true,
                StripAccents = OptionalFlag(normalizer, "strip_accents"),
                SplitChineseCharacters = OptionalFlag(normalizer, "handle_chinese_chars") ?? true,
                LongestWord = model.TryGetProperty("max_input_chars_per_word", out var longest) ? longest.GetInt32() : defaults.LongestWord,
                ContinuationPrefix = TokenizerJson.OptionalText(model, "continuing_subword_prefix") ?? defaults.ContinuationPrefix,
                UnknownToken = TokenizerJson.OptionalText(model, "unk_token") ?? defaults.UnknownToken,
            }
        );
    }

    /// <summary>Writes the file into a folder.</summary>
    public static void Write(WordPiece tokenizer, string folder)
    {
        int[] special = [tokenizer.PaddingId, tokenizer.UnknownId, tokenizer.StartId, tokenizer.EndId, tokenizer.MaskId];
        AddedToken[] added = [.. special.Where(id => id >= 0).Distinct().Order().Select(id => new AddedToken(id, tokenizer.Tokens[id]))];
        TokenizerJson.Write(
            folder,
            added,
            writer =>
            {
                var options = tokenizer.Options;
                writer.WriteStartObject("normalizer");
                writer.WriteString("type", "BertNormalizer");
                writer.WriteBoolean("clean_text", true);
                writer.WriteBoolean("handle_chinese_chars", options.SplitChineseCharacters);
                WriteFlag(writer, "strip_accents", options.StripAccents);
                writer.WriteBoolean("lowercase", options.LowerCase);
                writer.WriteEndObject();
                writer.WritePropertyName("pre_tokenizer");
                writer.WriteRawValue("""{"type":"BertPreTokenizer"}""");
                WritePostProcessor(writer, tokenizer);
                writer.WriteStartObject("decoder");
                writer.WriteString("type", "WordPiece");
                writer.WriteString("prefix", options.ContinuationPrefix);
                writer.WriteBoolean("cleanup", true);
                writer.WriteEndObject();
                writer.WriteStartObject("model");
                writer.WriteString("type", "WordPiece");
                writer.WriteString("unk_token", options.UnknownToken);
                writer.WriteString("continuing_subword_prefix", options.ContinuationPrefix);
                writer.WriteNumber("max_input_chars_per_word", options.LongestWord);
                TokenizerJson.WriteVocabulary(writer, tokenizer.Tokens);
                writer.WriteEndObject();
            }
        );
    }

    private static void WritePostProcessor(Utf8JsonWriter writer, WordPiece tokenizer)
    {
        writer.WriteStartObject("post_processor");
        writer.WriteString("type", "BertProcessing");
        WriteTokenAndId(writer, "sep", tokenizer.Options.EndToken, tokenizer.EndId);
        WriteTokenAndId(writer, "cls", tokenizer.Options.StartToken, tokenizer.StartId);
        writer.WriteEndObject();
    }

    private static void WriteTokenAndId(Utf8JsonWriter writer, string name, string token, int id)
    {
        writer.WriteStartArray(name);
        writer.WriteStringValue(token);
        writer.WriteNumberValue(id);
        writer.WriteEndArray();
    }

    private static void WriteFlag(Utf8JsonWriter writer, string name, bool? value)
    {
        if (value is { } flag)
        {
            writer.WriteBoolean(name, flag);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static bool? OptionalFlag(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.Null => null,
                _ => throw new TokenizerFormatException($"'{name}' must be true, false or null."),
            }
            : null;
}
