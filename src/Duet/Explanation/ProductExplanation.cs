// Everything that explains a model's answers about one product.
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Duet.Vision;

namespace Duet.Explanation;

/// <summary>The explanation of a product's answers.</summary>
public sealed record ProductExplanation
{
    /// <summary>What replaces a missing picture: covered cells, and the start of integrated gradients.</summary>
    public const string PictureBaseline = "the mean colour of training pictures (0 after normalisation)";

    /// <summary>What replaces a missing text.</summary>
    public const string TextBaseline =
        "gradients: token vectors of zeros, start and end tokens as they are; occlusion, deletion and insertion: the text without the "
        + "words";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The JSON form's version.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>The system, for instance <c>cma-clip</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The text; empty where there is none.</summary>
    public required string Text { get; init; }

    /// <summary>Its words.</summary>
    public required IReadOnlyList<TextUnit> Words { get; init; }

    /// <summary>The picture as the model sees it; null where there is none.</summary>
    [JsonIgnore]
    public RgbImage? Picture { get; init; }

    /// <summary>The tasks.</summary>
    public required IReadOnlyList<TaskExplanation> Tasks { get; init; }

    /// <summary>Attention from words to patches, for systems in which words look at patches.</summary>
    public IReadOnlyList<WordMaps> WordMaps { get; init; } = [];

    /// <summary>What the colours of overlays mean.</summary>
    public string Legend { get; init; } = Explanation.Overlay.Legend;

    /// <summary>What an absent picture is; see <see cref="PictureBaseline"/>.</summary>
    public string ImageBaseline { get; init; } = PictureBaseline;

    /// <summary>What an absent text is; see <see cref="TextBaseline"/>.</summary>
    public string WordBaseline { get; init; } = TextBaseline;

    /// <summary>The explanation of a task.</summary>
    /// <exception cref="KeyNotFoundException">It is not among those explained.</exception>
    public TaskExplanation this[string task] =>
        Tasks.FirstOrDefault(explained => string.Equals(explained.Task, task, StringComparison.Ordinal))
        ?? throw new KeyNotFoundException(
            $"Task '{task}' was not explained; there are {string.Join(", ", Tasks.Select(explained => explained.Task))}."
        );

    /// <summary>The explanation as JSON, names in snake_case, without the picture.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

/// <summary>
/// What gets a score in a text: a run of characters between white space, or a single character of a script that is written without spaces.
/// </summary>
/// <param name="Text">Its characters.</param>
/// <param name="Start">Its first character's place in the text.</param>
/// <param name="Seen">Whether the model reads it; false where it was cut off.</param>
public sealed record TextUnit(string Text, int Start, bool Seen)
{
    /// <summary>The positions of its tokens in what the model reads; those that were cut off are missing.</summary>
    [JsonIgnore]
    public IReadOnlyList<TokenPlace> Places { get; init; } = [];
}

/// <summary>Sums scores of tokens over words.</summary>
internal static class WordScores
{
    /// <summary>One score per word.</summary>
    /// <param name="words">The words.</param>
    /// <param name="tokens">Per piece of the text the scores by place in the row of ids; what was cut off has none.</param>
    public static double[] OfTokens(IReadOnlyList<TextUnit> words, IReadOnlyList<double[]> tokens) =>
        [
            .. words.Select(word =>
                word.Places.Where(token => token.Place < tokens[token.Piece].Length - 1).Sum(token => tokens[token.Piece][token.Place])
            ),
        ];
}

/// <summary>Attention from words to patches: one map per word, in the order of the words. Not a matter of any one task.</summary>
/// <param name="Method"><see cref="ExplanationMethod.Attention"/> of one block, or <see cref="ExplanationMethod.Rollout"/>.</param>
/// <param name="Layer">The block, counted from 0; null for rollout.</param>
/// <param name="Maps">The maps; null for words that the model does not read.</param>
public sealed record WordMaps(ExplanationMethod Method, int? Layer, IReadOnlyList<PatchGrid?> Maps);
