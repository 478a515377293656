// A category of a taxonomy.
namespace Duet.Data;

/// <summary>A category: its place in the list of all, its name and its parent.</summary>
/// <param name="Index">Its place in <see cref="Taxonomy.Nodes"/>; parents come before their children.</param>
/// <param name="Name">The last part of its path.</param>
/// <param name="Path">The whole path, as in <c>Apparel &gt; Shoes</c>.</param>
/// <param name="Parent">The parent's index; -1 for a root.</param>
/// <param name="Depth">1 for a root.</param>
/// <param name="Id">The id that the file gives it; null where it gives none.</param>
public sealed record TaxonomyNode(int Index, string Name, string Path, int Parent, int Depth, string? Id = null);
