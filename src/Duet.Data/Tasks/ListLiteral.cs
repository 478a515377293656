// Reads lists as Python and JSON write them into a cell.
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Duet.Data;

/// <summary>
/// Lists in one cell: <c>["blue", "ring"]</c>, <c>['blue', 'ring']</c>, <c>[0, 1]</c>, NumPy's <c>['blue' 'ring']</c> and <c>[0. 1.]</c>,
/// and Python's tuples and sets of texts.
/// </summary>
internal static class ListLiteral
{
    private static readonly SearchValues<char> Special = SearchValues.Create("[](){}'\"");
    private static readonly string[] Nothing = ["None", "null", "nan", "NaN"];

    /// <summary>The items of a list without those that are empty; false where the cell is no list.</summary>
    public static bool TryRead(string cell, out IReadOnlyList<string> items)
    {
        items = [];
        var text = cell.AsSpan().Trim();
        if (text.Length < 2 || text[^1] != Closing(text[0]))
        {
            return false;
        }

        var inner = text[1..^1].Trim();

        // Brackets alone are a list; round and curly ones are around other texts too.
        if (text[0] != '[' && (inner.Length == 0 || inner[0] is not ('\'' or '"')))
        {
            return false;
        }

        var found = new List<string>();
        while (inner.Length > 0)
        {
            if (!(inner[0] is '\'' or '"' ? TryQuoted(ref inner, found) : TryBare(ref inner, found)))
            {
                return false;
            }

            inner = inner.TrimStart();
            if (inner.Length > 0 && inner[0] == ',')
            {
                inner = inner[1..].TrimStart();
            }
        }

        items = found;
        return true;
    }

    private static char Closing(char opening) =>
        opening switch
        {
            '[' => ']',
            '(' => ')',
            '{' => '}',
            _ => '\0',
        };

    private static bool TryQuoted(ref ReadOnlySpan<char> rest, List<string> items)
    {
        var item = new StringBuilder();
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == rest[0])
            {
                Add(items, item.ToString());
                rest = rest[(i + 1)..];

                // What follows a closing quote is a comma, white space (NumPy) or the end; anything else is no list.
                return rest.Length == 0 || rest[0] == ',' || char.IsWhiteSpace(rest[0]);
            }

            if (rest[i] != '\\' || i + 1 == rest.Length)
            {
                item.Append(rest[i]);
                continue;
            }

            i++;
            var digits = rest[i] switch
            {
                'x' => 2,
                'u' => 4,
                _ => 0,
            };
            if (
                digits > 0
                && i + digits < rest.Length
                && ushort.TryParse(rest.Slice(i + 1, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code)
            )
            {
                item.Append((char)code);
                i += digits;
            }
            else
            {
                item.Append(
                    rest[i] switch
                    {
                        'n' => '\n',
                        't' => '\t',
                        _ => rest[i],
                    }
                );
            }
        }

        return false;
    }

    private static bool TryBare(ref ReadOnlySpan<char> rest, List<string> items)
    {
        var end = rest.IndexOf(',');
        var item = (end < 0 ? rest : rest[..end]).Trim().ToString();
        rest = end < 0 ? [] : rest[end..];
        if (item.Length == 0 || item.AsSpan().IndexOfAny(Special) >= 0)
        {
            return false;
        }

        // NumPy writes numbers with blanks between them.
        string[] pieces = item.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (Array.TrueForAll(pieces, piece => double.TryParse(piece, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
        {
            Array.ForEach(pieces, piece => Add(items, piece));
        }
        else
        {
            Add(items, item);
        }

        return true;
    }

    private static void Add(List<string> items, string item)
    {
        if (!string.IsNullOrWhiteSpace(item) && !Nothing.Contains(item, StringComparer.Ordinal))
        {
            items.Add(item.Trim());
        }
    }
}
