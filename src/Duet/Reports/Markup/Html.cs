// Short names for making HTML elements.
using System.Xml.Linq;

namespace Duet.Reports.Markup;

/// <summary>Makes elements. A tree of elements holds texts as they are; only <see cref="HtmlWriter"/> encodes, and it encodes all of them.</summary>
internal static class Html
{
    /// <summary>An element.</summary>
    /// <param name="kind">Its tag, with one class after a dot where it has one: <c>table.figures</c>.</param>
    /// <param name="content">Texts, elements, attributes, and sequences of them; null is left out.</param>
    public static XElement Of(string kind, params object?[] content)
    {
        var dot = kind.IndexOf('.', StringComparison.Ordinal);
        return dot < 0
            ? new XElement(kind, content)
            : new XElement(kind[..dot], At("class", kind[(dot + 1)..].Replace('.', ' ')), content);
    }

    /// <summary>An attribute.</summary>
    public static XAttribute At(string name, string value) => new(name, value);

    /// <summary>A text from a table, a label or a file: set apart, so that its writing direction cannot turn the words around it.</summary>
    public static XElement Given(string text) => Of("bdi", text);

    /// <summary>A paragraph.</summary>
    public static XElement Paragraph(params object?[] content) => Of("p", content);

    /// <summary>The head of a column.</summary>
    public static XElement ColumnHead(object content, bool number = false) => Of(number ? "th.number" : "th", At("scope", "col"), content);

    /// <summary>The head of a row.</summary>
    public static XElement RowHead(object content) => Of("th", At("scope", "row"), content);

    /// <summary>A cell with a number.</summary>
    public static XElement Number(object content) => Of("td.number", content);

    /// <summary>
    /// A table. Where its box is too narrow for it the style sheet puts a row's cells below one another, each under the name of its column; the roles keep
    /// it a table for screen readers then.
    /// </summary>
    /// <param name="caption">What the table shows.</param>
    /// <param name="heads">The column heads.</param>
    /// <param name="rows">The rows' cells.</param>
    public static XElement Table(string caption, IEnumerable<XElement> heads, IEnumerable<IEnumerable<XElement>> rows)
    {
        XElement[] columns = [.. heads];
        XElement[][] cells = [.. rows.Select(row => row.ToArray())];
        return Of(
            $"div.scroll{TableWidth.Class(columns, cells)}",
            At("tabindex", "0"),
            At("role", "region"),
            At("aria-label", caption),
            Of(
                "table",
                At("role", "table"),
                Of("caption", Of("span", caption)),
                Of("thead", At("role", "rowgroup"), Row(columns.Select(head => Named(head, "columnheader")))),
                Of("tbody", At("role", "rowgroup"), cells.Select(row => Row(row.Zip(columns, InColumn))))));
    }

    /// <summary>A row of a table that the style sheet may take apart.</summary>
    public static XElement Row(params object?[] cells) => Of("tr", At("role", "row"), cells);

    /// <summary>Gives an element the role that its tag has while the style sheet leaves the table whole.</summary>
    public static XElement Named(XElement element, string role)
    {
        element.SetAttributeValue("role", role);
        return element;
    }

    /// <summary>Names with values, one line each.</summary>
    public static XElement Facts(IEnumerable<(string Name, object Value)> facts) =>
        Of("dl.facts", facts.Select(fact => Of("div", Of("dt", fact.Name), Of("dd", fact.Value))));

    /// <summary>Something that is folded away until asked for.</summary>
    public static XElement Folded(string summary, params object?[] content) => Of("details", Of("summary", summary), content);

    /// <summary>A command that can be copied.</summary>
    public static XElement Command(string command) => Of(
        "div.command",
        Of("pre", At("tabindex", "0"), Of("code", BrokenWell(command))),
        Of("button.copy", At("type", "button"), At("hidden", "hidden"), "Copy"));

    /// <summary>A path or a command as it is, with lines that break after the parts of a path and never inside the name of an option.</summary>
    public static IEnumerable<object> BrokenWell(string text)
    {
        foreach (var (word, i) in text.Split(' ').Select((word, i) => (word, i)))
        {
            if (i > 0)
            {
                yield return " ";
            }

            if (word.StartsWith('-'))
            {
                yield return Of("span.option", word);
                continue;
            }

            var parts = word.Split('/');
            for (var part = 0; part < parts.Length; part++)
            {
                yield return part < parts.Length - 1 ? parts[part] + "/" : parts[part];
                if (part < parts.Length - 1)
                {
                    yield return Of("wbr");
                }
            }
        }
    }

    /// <summary>Says which command would fill a section.</summary>
    public static XElement Absent(string what, string command) => Of("div.absent", Paragraph(what), Command(command));

    private static XElement InColumn(XElement cell, XElement head)
    {
        cell.SetAttributeValue("data-label", head.Value);
        return Named(cell, string.Equals(cell.Name.LocalName, "th", StringComparison.Ordinal) ? "rowheader" : "cell");
    }
}
