// Writes a tree of elements as HTML that is well-formed XML as well.
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using System.Xml;
using System.Xml.Linq;

namespace Duet.Reports.Markup;

/// <summary>
/// Serialises elements. Every text and attribute is encoded, letters of all scripts stay readable, and characters that no document may hold
/// become U+FFFD. Style sheets and scripts, which are ours alone, are written as they are.
/// </summary>
internal static class HtmlWriter
{
    private const char Replacement = '\uFFFD';

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly HashSet<string> Void = new(StringComparer.Ordinal) { "br", "hr", "img", "input", "link", "meta", "wbr" };

    private static readonly HashSet<string> Raw = new(StringComparer.Ordinal) { "script", "style" };

    /// <summary>A whole document.</summary>
    public static string Document(XElement html)
    {
        var text = new StringBuilder("<!DOCTYPE html>\n");
        Write(html, text);
        return text.Append('\n').ToString();
    }

    /// <summary>An element and what it holds.</summary>
    /// <exception cref="InvalidOperationException">A script or style sheet would end early.</exception>
    public static void Write(XElement element, StringBuilder text)
    {
        var name = element.Name.LocalName;
        text.Append('<').Append(name);
        foreach (var attribute in element.Attributes())
        {
            text.Append(' ').Append(attribute.Name.LocalName).Append("=\"").Append(Encode(attribute.Value)).Append('"');
        }

        if (Void.Contains(name))
        {
            text.Append(" />");
            return;
        }

        text.Append('>');
        foreach (var node in element.Nodes())
        {
            switch (node)
            {
                case XElement child:
                    Write(child, text);
                    break;
                case XText content:
                    text.Append(Raw.Contains(name) ? Whole(content.Value) : Encode(content.Value));
                    break;
                default:
                    throw new InvalidOperationException($"A report holds elements and texts, not {node.NodeType}.");
            }
        }

        text.Append("</").Append(name).Append('>');
    }

    private static string Encode(string text) => Encoder.Encode(Clean(text));

    // Neither HTML's nor XML's parsers take markup inside these elements for what it is, so it must not be there.
    private static string Whole(string code) => code.AsSpan().IndexOfAny('<', '&') < 0
        ? code
        : throw new InvalidOperationException("A style sheet or script of the report holds < or &, which would end it early in one kind of parser.");

    private static string Clean(string text)
    {
        StringBuilder? changed = null;
        for (var i = 0; i < text.Length; i++)
        {
            var pair = i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]);
            if (pair)
            {
                changed?.Append(text[i]);
                i++;
            }
            else if (!XmlConvert.IsXmlChar(text[i]))
            {
                changed ??= new StringBuilder(text, 0, i, text.Length);
                changed.Append(Replacement);
                continue;
            }

            changed?.Append(text[i]);
        }

        return changed?.ToString() ?? text;
    }
}
