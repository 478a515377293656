// The error for a table that cannot be used at all (a single bad row goes to the quarantine instead).
namespace Duet;

/// <summary>A table, or the data it holds, cannot be used; the message says why and what to do.</summary>
public class TableException : Exception
{
    // What may stand between cells, the commonest first. A colon is guessed in a message alone: names may hold one ("dc:title").
    private const string Delimiters = ",;\t|:^~";

    /// <summary>Creates the error.</summary>
    public TableException() { }

    /// <summary>Creates the error with its message.</summary>
    public TableException(string message)
        : base(message) { }

    /// <summary>Creates the error with its message and cause.</summary>
    public TableException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>The table file, where one is to blame.</summary>
    public string? File { get; init; }

    /// <summary>The column, where one is to blame.</summary>
    public string? Column { get; init; }

    /// <summary>The error for a column that the table does not have.</summary>
    internal static TableException MissingColumn(string file, string column, string use, IReadOnlyList<string> existing)
    {
        var nearest = NameSuggestion.Nearest(column, existing);
        var hint = nearest is null ? string.Empty : $" Did you mean '{nearest}'?";
        if (existing is [var only] && DelimiterIn(only, column) is { } sign)
        {
            hint = $" The header is a single column; the file seems to have '{sign}' between its cells, so name it: --delimiter '{sign}'.";
        }

        if (existing.Any(name => name.Contains('\uFFFD', StringComparison.Ordinal)))
        {
            hint = " The header is not in the encoding that it is read in; name the right one (--encoding, for instance windows-1252).";
        }

        var listed = string.Join(", ", existing.Take(50)) + (existing.Count > 50 ? ", ..." : string.Empty);
        return new TableException(
            $"{file} has no column '{column}' (asked for as {use}).{hint} It has: {listed}. Name one of these, or add the column to "
                + $"the table."
        )
        {
            File = file,
            Column = column,
        };
    }

    // What seems to stand between the cells of a header that was read as a single column; a sign that sets the wanted column apart is the
    // best guess.
    private static string? DelimiterIn(string header, string column)
    {
        var signs = Delimiters.Where(sign => header.Contains(sign, StringComparison.Ordinal)).ToArray();
        var apart = signs.Where(sign =>
            header.Split(sign, StringSplitOptions.TrimEntries).Contains(column, StringComparer.OrdinalIgnoreCase)
        );
        return apart.Concat(signs).Select(sign => sign is '\t' ? "\\t" : sign.ToString()).FirstOrDefault();
    }
}
