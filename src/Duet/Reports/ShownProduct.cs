// A product as a report shows it.

namespace Duet.Reports;

/// <summary>A product with the model's answers.</summary>
/// <param name="Row">Its row in the table.</param>
/// <param name="Id">Its id.</param>
/// <param name="Text">Its text; empty where it has none.</param>
/// <param name="Picture">Its picture, made small; null where it has none that can be shown.</param>
/// <param name="Answers">The answers, in the order of the tasks.</param>
public sealed record ShownProduct(long Row, string Id, string Text, Thumbnail? Picture, IReadOnlyList<ShownAnswer> Answers)
{
    /// <summary>Why one of the answers was given: the surest mistake, or the least sure answer; null where it was not asked.</summary>
    public ShownExplanation? Explanation { get; init; }
}

/// <summary>What the model said of a product in one task, and what is true.</summary>
/// <param name="Task">The task.</param>
/// <param name="Answer">What it said; of a multi-label task all classes above the threshold, joined.</param>
/// <param name="Truth">The label; null where the table has none.</param>
/// <param name="Confidence">Its probability.</param>
/// <param name="ImageShare">How much the picture weighed, 0 to 1; null if the system does not say.</param>
public sealed record ShownAnswer(string Task, string Answer, string? Truth, double Confidence, double? ImageShare)
{
    /// <summary>Whether the answer is right; null where nobody knows.</summary>
    public bool? Right => Truth is null ? null : string.Equals(Truth, Answer, StringComparison.Ordinal);

    /// <summary>Whether it can be published unseen; null where the run is not calibrated.</summary>
    public ShownDecision? Decision { get; init; }
}

/// <summary>A decision.</summary>
/// <param name="Accepted">Whether the answer is accepted; otherwise it needs review.</param>
/// <param name="Text">The decision in words, with its reason where one is known.</param>
public sealed record ShownDecision(bool Accepted, string Text);

/// <summary>A JPEG.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Jpeg">The file.</param>
public sealed record Thumbnail(int Width, int Height, ReadOnlyMemory<byte> Jpeg)
{
    /// <summary>The picture as an address that needs no network.</summary>
    public string DataAddress => "data:image/jpeg;base64," + Convert.ToBase64String(Jpeg.Span);
}
