// Finds the delimiter of a table.
using System.Text;

namespace Duet.Data;

/// <summary>The delimiter of a table whose options name none.</summary>
internal static class TableDelimiter
{
    private const int LongestHeader = 1 << 16;

    private static readonly (char Sign, string Name)[] Others = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")];

    /// <summary>The delimiter: what the options say, a tab for <c>.tsv</c>, else a comma, except where the header has none of it but
    /// another one.</summary>
    /// <param name="path">The table.</param>
    /// <param name="options">What was asked for; its <see cref="TableOptions.Note"/> receives the delimiter that was found.</param>
    /// <exception cref="TableException">The file cannot be opened.</exception>
    public static char Of(string path, TableOptions options)
    {
        if (options.Delimiter is { } named)
        {
            return named;
        }

        if (path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase))
        {
            return '\t';
        }

        var header = Unquoted(FirstLine(path, TableEncoding.Find(options.Encoding)));
        var found = Others.Where(other => header.Contains(other.Sign, StringComparison.Ordinal)).ToArray();
        if (header.Contains(',', StringComparison.Ordinal) || found is not [var (sign, name)])
        {
            return ',';
        }

        options.Note?.Invoke(
            $"{path}: the header has {name} and no comma, so it is read with {name} between the cells (--delimiter ',' reads it otherwise)."
        );
        return sign;
    }

    private static string FirstLine(string path, Encoding? encoding)
    {
        using var stream = new TableFile(path, encoding).Open();
        var buffer = new byte[LongestHeader];
        var bytes = buffer.AsSpan(0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        var end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
        return Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]);
    }

    // What is inside quotes belongs to a name.
    private static string Unquoted(string line) => string.Concat(line.Split('"').Where((_, part) => part % 2 == 0));
}
