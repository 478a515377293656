// With what a report was made.
namespace Duet.Reports;

/// <summary>Versions, for repeating what is shown.</summary>
/// <param name="Duet">Duet's version.</param>
/// <param name="Libtorch">libtorch's version.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="Machine">Operating system and processor architecture.</param>
public sealed record ReportVersions(string Duet, string Libtorch, string Runtime, string Machine);
