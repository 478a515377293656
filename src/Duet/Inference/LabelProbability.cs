// A class with its probability.
namespace Duet.Inference;

/// <summary>A label and how probable the model finds it.</summary>
/// <param name="Label">The class name.</param>
/// <param name="Probability">From 0 to 1.</param>
public readonly record struct LabelProbability(string Label, double Probability);
