// The settings of VisualBERT.
namespace Duet.Models;

/// <summary>VisualBERT's settings. Defaults: BERT-base over the grid of a ResNet-50, which is trained along (the paper takes a detector's
/// regions).</summary>
public sealed record VisualBertOptions : OneStreamOptions;
