// Parts of Hugging Face's tokenizer.json that several kinds of tokenizer share.
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Duet.Text;

/// <summary>Reading and writing the common parts of <c>tokenizer.json</c>.</summary>
internal static class TokenizerJson
{
    /// <summary>The file's name inside a run or model folder.</summary>
    public const string FileName = "tokenizer.json";

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    /// <summary>The tokens in id order, from an object of ids by token and a list of added tokens.</summary>
    /// <exception cref="TokenizerFormatException">The ids are not 0 to n - 1, each once.</exception>
    public static string[] Vocabulary(JsonElement vocabulary, IReadOnlyList<AddedToken> added)
    {
        Expect(vocabulary, JsonValueKind.Object, "the vocabulary");
        var byId = new Dictionary<int, string>();
        foreach (var entry in vocabulary.EnumerateObject())
        {
            Add(byId, entry.Name, entry.Value.TryGetInt32(out int id) ? id : -1);
        }

        foreach (var token in added)
        {
            if (!byId.TryGetValue(token.Id, out string? known) || !string.Equals(known, token.Content, StringComparison.Ordinal))
            {
                Add(byId, token.Content, token.Id);
            }
        }

        VocabularyChecks.CheckSize(byId.Count);
        var tokens = new string[byId.Count];
        for (int id = 0; id < tokens.Length; id++)
        {
            tokens[id] = byId.TryGetValue(id, out string? token)
                ? token
                : throw new TokenizerFormatException(
                    $"The vocabulary has {byId.Count} tokens but none with id {id}; ids must be 0 to {byId.Count - 1}."
                );
        }

        return tokens;
    }

    /// <summary>The <c>added_tokens</c> of a tokenizer file; empty where there are none.</summary>
    public static IReadOnlyList<AddedToken> AddedTokens(JsonElement root)
    {
        if (!root.TryGetProperty("added_tokens", out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        Expect(list, JsonValueKind.Array, "added_tokens");
        return
        [
            .. list.EnumerateArray()
                .Select(token => new AddedToken(
                    Property(token, "id", JsonValueKind.Number).GetInt32(),
                    Property(token, "content", JsonValueKind.String).GetString()!,
                    token.TryGetProperty("lstrip", out var left) && left.ValueKind == JsonValueKind.True,
                    !(token.TryGetProperty("special", out var special) && special.ValueKind == JsonValueKind.False)
                )),
        ];
    }

    /// <summary>A property of a kind, or an error that names it.</summary>
    public static JsonElement Property(JsonElement parent, string name, JsonValueKind kind)
    {
        Expect(parent, JsonValueKind.Object, $"what holds '{name}'");
        if (!parent.TryGetProperty(name, out var value))
        {
            throw new TokenizerFormatException($"'{name}' is missing.");
        }

        Expect(value, kind, $"'{name}'");
        return value;
    }

    /// <summary>The text of an optional property; null where it is absent or null.</summary>
    public static string? OptionalText(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>The two parts of a merge written with one blank between them.</summary>
    public static (string Left, string Right) SplitMerge(string line, string place)
    {
        int blank = line.IndexOf(' ', StringComparison.Ordinal);
        if (blank <= 0 || blank == line.Length - 1 || line.IndexOf(' ', blank + 1) >= 0)
        {
            throw new TokenizerFormatException($"{place}: expected two symbols with one blank between them.");
        }

        return (line[..blank], line[(blank + 1)..]);
    }

    /// <summary>Writes <c>tokenizer.json</c>: the common head, then what the caller adds.</summary>
    public static void Write(string folder, IReadOnlyList<AddedToken> added, Action<Utf8JsonWriter> rest)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using var content = new MemoryStream();
        using (var writer = new Utf8JsonWriter(content, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("version", "1.0");
            writer.WriteNull("truncation");
            writer.WriteNull("padding");
            writer.WriteStartArray("added_tokens");
            foreach (var token in added)
            {
                writer.WriteStartObject();
                writer.WriteNumber("id", token.Id);
                writer.WriteString("content", token.Content);
                writer.WriteBoolean("single_word", false);
                writer.WriteBoolean("lstrip", token.StripLeft);
                writer.WriteBoolean("rstrip", false);
                writer.WriteBoolean("normalized", false);
                writer.WriteBoolean("special", token.Special);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            rest(writer);
            writer.WriteEndObject();
        }

        VocabularyChecks.WriteFile(Path.Combine(folder, FileName), content.ToArray());
    }

    /// <summary>Writes tokens as an object of ids.</summary>
    public static void WriteVocabulary(Utf8JsonWriter writer, IReadOnlyList<string> tokens)
    {
        writer.WriteStartObject("vocab");
        for (int id = 0; id < tokens.Count; id++)
        {
            writer.WriteNumber(tokens[id], id);
        }

        writer.WriteEndObject();
    }

    private static void Expect(JsonElement value, JsonValueKind kind, string what)
    {
        if (value.ValueKind != kind)
        {
            throw new TokenizerFormatException($"{what} is of JSON kind {value.ValueKind}; expected {kind}.");
        }
    }

    private static void Add(Dictionary<int, string> byId, string token, int id)
    {
        if (id is < 0 or >= VocabularyChecks.LargestVocabulary)
        {
            throw new TokenizerFormatException($"Token '{token}' has no id from 0 to {VocabularyChecks.LargestVocabulary - 1}.");
        }

        if (!byId.TryAdd(id, token))
        {
            throw new TokenizerFormatException($"Tokens '{byId[id]}' and '{token}' have the same id {id}.");
        }
    }
}
