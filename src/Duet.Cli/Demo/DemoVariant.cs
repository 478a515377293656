// One of the models that the demo compares.
using Duet.Metrics;
using Duet.Models;

namespace Duet.Cli.Demo;

/// <summary>A model of the demo: CMA-CLIP or an ablation of it.</summary>
/// <param name="Name">Its name and its run folder's.</param>
/// <param name="Title">Its name in the table.</param>
/// <param name="Modalities">What it looks at.</param>
internal sealed record DemoVariant(string Name, string Title, InputModalities Modalities)
{
    /// <summary>The models, the whole one first.</summary>
    public static IReadOnlyList<DemoVariant> All { get; } =
    [
        new("cma-clip", "CMA-CLIP", InputModalities.Both),
        new("image-only", "image only", InputModalities.Image),
        new("text-only", "text only", InputModalities.Text),
    ];

    /// <summary>Its figures on the test split, once it is trained.</summary>
    public EvaluationReport? Report { get; init; }
}
