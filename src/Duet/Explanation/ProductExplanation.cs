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
