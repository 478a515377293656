// Unigram models in Hugging Face's tokenizer.json.
using System.Text.Json;

namespace Duet.Text;

/// <summary>Reads and writes <see cref="Unigram"/> as <c>tokenizer.json</c>. The ids are the positions in its vocabulary list.</summary>
internal static class UnigramJson
{
    private const string RunsOfBlanks = " {2,}";

    // The 32 characters of Python's string.punctuation.
    private const string Punctuation = """[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]""";

    /// <summary>Builds the tokenizer from a parsed file: a vocabulary that lower-cases and has no start token is SigLIP's.</summary>
    public static ITokenizer Read(JsonElement root)
    {
        var normalizers = Steps(root, "normalizer", "normalizers").ToList();
        bool lowers = normalizers.Exists(step => TokenizerJson.OptionalText(step, "type") is "Lowercase");
        var vocabulary = ReadVocabulary(root, needsPadding: !lowers);
        return !lowers || vocabulary.StartId >= 0
            ? vocabulary
            : new SigLipTokenizer(
                vocabulary,
                normalizers.Exists(step => Replaced(step, "String") is "_") ? SigLipCleaning.OpenClip : SigLipCleaning.HuggingFace
            );
    }

    /// <summary>The pattern of a replacing step; null for other steps and patterns.</summary>
    internal static string? Replaced(JsonElement step, string kind) =>
        TokenizerJson.OptionalText(step, "type") is "Replace" && step.TryGetProperty("pattern", out var pattern)
            ? TokenizerJson.OptionalText(pattern, kind)
            : null;

    private static Unigram ReadVocabulary(JsonElement root, bool needsPadding)
    {
        var model = TokenizerJson.Property(root, "model", JsonValueKind.Object);
        var list = TokenizerJson.Property(model, "vocab", JsonValueKind.Array);
        VocabularyChecks.CheckSize(list.GetArrayLength());
        int unknownId = TokenizerJson.Property(model, "unk_id", JsonValueKind.Number).GetInt32();
        if (unknownId < 0 || unknownId >= list.GetArrayLength())
        {
            throw new TokenizerFormatException($"'unk_id' is {unknownId}; expected 0 to {list.GetArrayLength() - 1}.");
        }

        var added = TokenizerJson.AddedTokens(root);
        var kinds = added.GroupBy(token => token.Id).ToDictionary(same => same.Key, same => KindOf(same.First()));
        kinds[unknownId] = UnigramTokenKind.Special;
        bool bytes = model.TryGetProperty("byte_fallback", out var fallback) && fallback.ValueKind == JsonValueKind.True;
        var tokens = list.EnumerateArray().Select((entry, id) => ReadToken(entry, id, kinds, bytes)).ToList();
        AppendAdded(tokens, added);

        // T5 puts nothing before a text, so its files name no start token; SigLIP fills rows with the end token.
        int end = IdOf(added, required: true, "</s>", "[SEP]");
        return new Unigram(
            new UnigramVocabulary(
                tokens,
                IdOf(added, required: false, "<s>", "[CLS]"),
                IdOf(added, needsPadding, "<pad>", "[PAD]") is >= 0 and var padding ? padding : end,
                end,
                unknownId,
                IdOf(added, required: false, "<mask>", "[MASK]"),
                ReadNormalizer(root, tokens)
            )
        );
    }

    /// <summary>Writes the file into a folder.</summary>
    /// <param name="tokenizer">The vocabulary.</param>
    /// <param name="folder">An existing folder.</param>
    /// <param name="cleaning">SigLIP's cleaning before it; null for none.</param>
    public static void Write(Unigram tokenizer, string folder, SigLipCleaning? cleaning = null)
    {
        var vocabulary = tokenizer.Vocabulary;
        AddedToken[] added =
        [
            .. Enumerable
                .Range(0, vocabulary.Tokens.Count)
                .Where(id => vocabulary.Tokens[id].Kind is UnigramTokenKind.Special or UnigramTokenKind.UserDefined)
                .Select(id => new AddedToken(
                    id,
                    vocabulary.Tokens[id].Text,
                    id == tokenizer.MaskId,
                    vocabulary.Tokens[id].Kind is not UnigramTokenKind.UserDefined
                )),
        ];
        TokenizerJson.Write(
            folder,
            added,
            writer =>
            {
                WriteNormalizer(writer, vocabulary.Normalizer, cleaning);
                writer.WriteStartObject("pre_tokenizer");
                WriteMetaspace(writer, vocabulary.Normalizer.AddDummyPrefix);
                WritePostProcessor(writer, tokenizer);
                writer.WriteStartObject("decoder");
                WriteMetaspace(writer, vocabulary.Normalizer.AddDummyPrefix);
                writer.WriteStartObject("model");
                writer.WriteString("type", "Unigram");
                writer.WriteNumber("unk_id", tokenizer.UnknownId);
                writer.WriteBoolean("byte_fallback", vocabulary.Tokens.Any(token => token.Kind is UnigramTokenKind.Byte));
                writer.WriteStartArray("vocab");
                foreach (var token in vocabulary.Tokens)
                {
                    writer.WriteStartArray();
                    writer.WriteStringValue(token.Text);
                    writer.WriteNumberValue(token.Score);
                    writer.WriteEndArray();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        );
    }

    private static UnigramTokenKind KindOf(AddedToken token) => token.Special ? UnigramTokenKind.Special : UnigramTokenKind.UserDefined;

    private static UnigramToken ReadToken(JsonElement entry, int id, Dictionary<int, UnigramTokenKind> kinds, bool bytes)
    {
        if (
            entry.ValueKind != JsonValueKind.Array
            || entry.GetArrayLength() != 2
            || entry[0].ValueKind != JsonValueKind.String
            || entry[1].ValueKind != JsonValueKind.Number
        )
        {
            throw new TokenizerFormatException($"vocabulary entry {id}: expected a text and a number.");
        }

        string text = entry[0].GetString()!;
        var ordinary = bytes && Unigram.ByteOf(text) >= 0 ? UnigramTokenKind.Byte : UnigramTokenKind.Normal;
        return new UnigramToken(text, entry[1].GetSingle(), kinds.GetValueOrDefault(id, ordinary));
    }

    private static void AppendAdded(List<UnigramToken> tokens, IReadOnlyList<AddedToken> added)
    {
        foreach (var token in added.OrderBy(token => token.Id))
        {
            if (token.Id == tokens.Count)
            {
                tokens.Add(new UnigramToken(token.Content, 0, KindOf(token)));
            }
            else if (token.Id < 0 || token.Id > tokens.Count)
            {
                throw new TokenizerFormatException($"added token '{token.Content}' has id {token.Id}, which leaves a gap.");
            }
        }
    }

    private static int IdOf(IReadOnlyList<AddedToken> added, bool required, params string[] spellings)
    {
        var found = added.FirstOrDefault(token => spellings.Contains(token.Content, StringComparer.Ordinal));
        return found?.Id
            ?? (required ? throw new TokenizerFormatException($"added_tokens has none of {string.Join(", ", spellings)}.") : -1);
    }

    private static SentencePieceNormalizer ReadNormalizer(JsonElement root, IEnumerable<UnigramToken> tokens)
    {
        var pretokenizers = Steps(root, "pre_tokenizer", "pretokenizers").ToList();
        var normalizers = Steps(root, "normalizer", "normalizers").ToList();
        var pretokenizer = pretokenizers.FirstOrDefault(step => TokenizerJson.OptionalText(step, "type") is "Metaspace");
        bool addPrefix =
            TokenizerJson.OptionalText(pretokenizer, "prepend_scheme") is not "never"
            && !(
                pretokenizer.ValueKind == JsonValueKind.Object
                && pretokenizer.TryGetProperty("add_prefix_space", out var flag)
                && flag.ValueKind == JsonValueKind.False
            );
        string? map = normalizers
            .Where(step => TokenizerJson.OptionalText(step, "type") is "Precompiled")
            .Select(step => TokenizerJson.OptionalText(step, "precompiled_charsmap"))
            .FirstOrDefault();
        return new SentencePieceNormalizer(
            map is null ? [] : Convert.FromBase64String(map),
            addPrefix,
            pretokenizers.Exists(step => TokenizerJson.OptionalText(step, "type") is "WhitespaceSplit")
                || normalizers.Exists(RemovesBlanks),
            tokens.Where(token => token.Kind is UnigramTokenKind.UserDefined).Select(token => token.Text)
        );
    }

    // Files spell SentencePiece's remove_extra_whitespaces in several ways: stripping, collapsing runs, or splitting at white space.
    private static bool RemovesBlanks(JsonElement step) =>
        TokenizerJson.OptionalText(step, "type") switch
        {
            "Strip" => true,
            "Replace" => step.TryGetProperty("pattern", out var pattern) && TokenizerJson.OptionalText(pattern, "Regex") is RunsOfBlanks,
            _ => false,
        };

    internal static IEnumerable<JsonElement> Steps(JsonElement root, string name, string listName)
    {
        if (!root.TryGetProperty(name, out var step) || step.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        return step.TryGetProperty(listName, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [step];
    }

    private static void WriteNormalizer(Utf8JsonWriter writer, SentencePieceNormalizer normalizer, SigLipCleaning? cleaning)
    {
        writer.WriteStartObject("normalizer");
        writer.WriteString("type", "Sequence");
        writer.WriteStartArray("normalizers");
        WriteCleaning(writer, cleaning);
        if (normalizer.CharsMapBytes.Length > 0)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "Precompiled");
            writer.WriteBase64String("precompiled_charsmap", normalizer.CharsMapBytes);
            writer.WriteEndObject();
        }

        if (normalizer.RemoveExtraWhiteSpace)
        {
            writer.WriteRawValue("""{"type":"Strip","strip_left":true,"strip_right":true}""");
            writer.WriteRawValue($$$"""{"type":"Replace","pattern":{"Regex":"{{{RunsOfBlanks}}}"},"content":" "}""");
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // SigLIP's cleaning in the steps that other readers of the format know; Duet takes them as the name of its own.
    internal static void WriteCleaning(Utf8JsonWriter writer, SigLipCleaning? cleaning)
    {
        if (cleaning is null)
        {
            return;
        }

        if (cleaning == SigLipCleaning.OpenClip)
        {
            WriteReplacement(writer, "String", "_", " ");
        }

        writer.WriteRawValue("""{"type":"Lowercase"}""");
        WriteReplacement(writer, "Regex", Punctuation, string.Empty);
        WriteReplacement(writer, "Regex", @"\s+", " ");
    }

    internal static void WriteReplacement(Utf8JsonWriter writer, string kind, string pattern, string content)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "Replace");
        writer.WriteStartObject("pattern");
        writer.WriteString(kind, pattern);
        writer.WriteEndObject();
        writer.WriteString("content", content);
        writer.WriteEndObject();
    }

    private static void WriteMetaspace(Utf8JsonWriter writer, bool addPrefix)
    {
        writer.WriteString("type", "Metaspace");
        writer.WriteString("replacement", SentencePieceNormalizer.Mark.ToString());
        writer.WriteBoolean("add_prefix_space", addPrefix);
        writer.WriteString("prepend_scheme", addPrefix ? "always" : "never");
        writer.WriteEndObject();
    }

    private static void WritePostProcessor(Utf8JsonWriter writer, Unigram tokenizer)
    {
        string end = JsonSerializer.Serialize(tokenizer.Vocabulary.Tokens[tokenizer.EndId].Text);
        string endStep = $$$"""{"SpecialToken":{"id":{{{end}}},"type_id":0}}""";
        const string First = """{"Sequence":{"id":"A","type_id":0}}""";
        const string Second = """{"Sequence":{"id":"B","type_id":0}}""";
        string endEntry = $$"""{{end}}:{"id":{{end}},"ids":[{{tokenizer.EndId}}],"tokens":[{{end}}]}""";
        writer.WritePropertyName("post_processor");
        if (tokenizer.StartId < 0)
        {
            writer.WriteRawValue(
                $$"""{"type":"TemplateProcessing","single":[{{First}},{{endStep}}],"pair":[{{First}},{{endStep}},{{Second}},{{endStep}}],"special_tokens":{ {{endEntry}} } }"""
            );
            return;
        }

        string start = JsonSerializer.Serialize(tokenizer.Vocabulary.Tokens[tokenizer.StartId].Text);
        string startStep = $$$"""{"SpecialToken":{"id":{{{start}}},"type_id":0}}""";
        string startEntry = $$"""{{start}}:{"id":{{start}},"ids":[{{tokenizer.StartId}}],"tokens":[{{start}}]}""";
        writer.WriteRawValue(
            $$"""
            {"type":"TemplateProcessing","single":[{{startStep}},{{First}},{{endStep}}],
              "pair":[{{startStep}},{{First}},{{endStep}},{{endStep}},{{Second}},{{endStep}}],
              "special_tokens":{ {{startEntry}},{{endEntry}} } }
            """
        );
    }
}
