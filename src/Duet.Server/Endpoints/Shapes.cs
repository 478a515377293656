// The shapes of what is sent and answered.
using System.Text.Json.Serialization;

namespace Duet.Server.Endpoints;

/// <summary>They describe: requests are read by <c>RequestBody</c> and answers written by <c>ClassificationJson</c>, and a test holds the
/// two together.</summary>
internal static class Shapes
{
    /// <summary>A product as it is sent.</summary>
    internal sealed record ProductShape(string? Id, string? Image, string? Text, IReadOnlyDictionary<string, string>? Features);

    /// <summary>Products to classify or embed.</summary>
    internal sealed record ClassifyRequest(string? Model, IReadOnlyList<ProductShape> Products);

    /// <summary>A product to explain.</summary>
    internal sealed record ExplainRequest(
        string? Model,
        string? Id,
        string? Image,
        string? Text,
        IReadOnlyDictionary<string, string>? Features,
        string? Task,
        string? Method
    );

    /// <summary>Products and the labels to choose from.</summary>
    internal sealed record ZeroShotRequest(
        string? Model,
        IReadOnlyList<ProductShape> Products,
        IReadOnlyList<string> Labels,
        IReadOnlyList<string>? Templates
    );

    /// <summary>Texts to embed.</summary>
    internal sealed record EmbeddingsRequest(
        IReadOnlyList<string> Input,
        string? Model,
        [property: JsonPropertyName("encoding_format")] string? EncodingFormat
    );

    /// <summary>What is wrong with a product.</summary>
    internal sealed record FaultShape(string Field, string Reason);

    /// <summary>A class with its probability.</summary>
    internal sealed record LabelShape(string Label, double Probability);

    /// <summary>The answer to a task.</summary>
    internal sealed record TaskShape(
        string Label,
        double Probability,
        IReadOnlyList<LabelShape>? Labels,
        string? Decision,
        string? Reason,
        [property: JsonPropertyName("image_share")] double? ImageShare,
        [property: JsonPropertyName("text_share")] double? TextShare,
        [property: JsonPropertyName("top_five")] IReadOnlyList<LabelShape> TopFive
    );

    /// <summary>The answers about a product.</summary>
    internal sealed record ProductAnswerShape(
        string Id,
        IReadOnlyDictionary<string, TaskShape>? Tasks,
        [property: JsonPropertyName("text_truncated")] bool? TextTruncated,
        FaultShape? Error
    );

    /// <summary>The answers about all products of a request.</summary>
    internal sealed record ClassifyAnswer(string Model, IReadOnlyList<ProductAnswerShape> Products);

    /// <summary>The vectors of a product.</summary>
    internal sealed record VectorsShape(
        string Id,
        IReadOnlyList<float>? Joint,
        IReadOnlyList<float>? Image,
        IReadOnlyList<float>? Text,
        FaultShape? Error
    );

    /// <summary>The vectors of all products of a request.</summary>
    internal sealed record EmbedAnswer(string Model, IReadOnlyList<VectorsShape> Products);

    /// <summary>One vector, as OpenAI's API has it.</summary>
    internal sealed record EmbeddingShape(string Object, int Index, IReadOnlyList<float> Embedding);

    /// <summary>Vectors, as OpenAI's API has them.</summary>
    internal sealed record EmbeddingsAnswer(string Object, IReadOnlyList<EmbeddingShape> Data, string Model);
}
