// Reads the character tables that are part of this assembly.
using System.Globalization;
using System.Text;

namespace Duet.Text.Cleaning;

/// <summary>Access to the embedded character tables.</summary>
internal static class UnicodeData
{
    /// <summary>HTML's named character references: name (with its semicolon where it has one) to characters.</summary>
    public static Dictionary<string, string> HtmlNames()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string[] fields in Lines("html5-entities.txt"))
        {
            names.Add(fields[0], Characters(fields.AsSpan(1)));
        }

        return names;
    }

    /// <summary>The lines of a table, split at blanks, without comments.</summary>
    public static IEnumerable<string[]> Lines(string name)
    {
        using var stream =
            typeof(UnicodeData).Assembly.GetManifestResourceStream("Duet.Text." + name)
            ?? throw new InvalidOperationException($"The table {name} is missing from the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line.Split(' ');
            }
        }
    }

    /// <summary>A hexadecimal number.</summary>
    public static int Number(string field) => int.Parse(field, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>The text of hexadecimal code points.</summary>
    public static string Characters(ReadOnlySpan<string> fields)
    {
        var text = new StringBuilder();
        foreach (string field in fields)
        {
            text.Append(char.ConvertFromUtf32(Number(field)));
        }

        return text.ToString();
    }
}
