// One file of a data set that is spread over several.
namespace Duet.Data;

/// <summary>A file and the columns that are implied for its rows.</summary>
/// <param name="Name">The file's name, for messages.</param>
/// <param name="Rows">What it states.</param>
/// <param name="Derived">What it implies, by column name; stated columns of the same name are hidden.</param>
internal sealed record TablePart(string Name, ITableRows Rows, IReadOnlyDictionary<string, DerivedColumn> Derived);
