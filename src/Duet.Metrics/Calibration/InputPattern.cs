// Which inputs a product has: what a certificate holds for.
namespace Duet.Metrics.Calibration;

/// <summary>The inputs that a model saw of a product. Two patterns with the same inputs are equal.</summary>
public sealed class InputPattern : IEquatable<InputPattern>
{
    /// <summary>Creates a pattern.</summary>
    /// <param name="picture">Whether it saw a picture.</param>
    /// <param name="text">Whether it saw a text.</param>
    /// <param name="features">The features whose values were known, in the model's order; empty where the model has none.</param>
    public InputPattern(bool picture, bool text, IReadOnlyList<string>? features = null) =>
        (Picture, Text, Features) = (picture, text, features ?? []);

    /// <summary>Whether the model saw a picture.</summary>
    public bool Picture { get; }

    /// <summary>Whether the model saw a text.</summary>
    public bool Text { get; }

    /// <summary>The features whose values were known.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <inheritdoc/>
    public bool Equals(InputPattern? other) =>
        other is not null
        && Picture == other.Picture
        && Text == other.Text
        && Features.SequenceEqual(other.Features, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as InputPattern);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Picture, Text, Features.Count);

    /// <summary>In words: <c>picture and text</c>, <c>picture alone</c>, <c>text alone</c>, with <c>, brand and season known</c> where
    /// features are.</summary>
    public override string ToString()
    {
        var parts = (Picture, Text) switch
        {
            (true, true) => "picture and text",
            (true, false) => "picture alone",
            (false, true) => "text alone",
            _ => "neither picture nor text",
        };
        return Features.Count == 0 ? parts : $"{parts}, {string.Join(" and ", Features)} known";
    }
}
