// Two runs beside each other.
namespace Duet.Reports;

/// <summary>The run against a second one, on the rows and tasks that both can answer.</summary>
/// <param name="Folder">The second run's folder.</param>
/// <param name="Title">Its system and preset.</param>
/// <param name="Tasks">The tasks that both have.</param>
public sealed record RunContrast(string Folder, string Title, IReadOnlyList<TaskContrast> Tasks);
