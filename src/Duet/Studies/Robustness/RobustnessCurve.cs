// One corruption at all its strengths.
namespace Duet.Studies.Robustness;

/// <summary>A curve from mild to strong.</summary>
/// <param name="Corruption">The corruption's name, see <see cref="Robustness.Corruption.Name"/>.</param>
/// <param name="Modality"><c>image</c> or <c>text</c>: what is damaged.</param>
/// <param name="Unit">What the strengths measure.</param>
/// <param name="Points">The measurements, mild to strong.</param>
public sealed record RobustnessCurve(string Corruption, string Modality, string Unit, IReadOnlyList<RobustnessPoint> Points);
