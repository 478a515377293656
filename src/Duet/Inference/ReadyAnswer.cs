// What one forward pass says about one of its products.
namespace Duet.Inference;

/// <summary>A product's answers, and its vectors where they were asked for.</summary>
/// <param name="Classification">The answers to all tasks.</param>
public sealed record ReadyAnswer(Classification Classification)
{
    /// <summary>How many tokens of the text the model read.</summary>
    public int Tokens { get; init; }

    /// <summary>The joint embedding; null where not asked for, or the system has none.</summary>
    public IReadOnlyList<float>? Joint { get; init; }

    /// <summary>The picture's embedding; null as well where the model saw no picture.</summary>
    public IReadOnlyList<float>? Image { get; init; }

    /// <summary>The text's embedding; null as well where the model saw no text.</summary>
    public IReadOnlyList<float>? Text { get; init; }
}
