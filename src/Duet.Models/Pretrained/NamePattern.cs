// A tensor name with placeholders, matched and filled in.
using System.Text;
using System.Text.RegularExpressions;

namespace Duet.Models.Pretrained;

/// <summary>
/// A dotted name with placeholders: <c>{n}</c> stands for a number, <c>{p:weight|bias}</c> for one of the alternatives,
/// <c>{rest*}</c> for any text. What a placeholder stood for is filled into other patterns under the placeholder's name.
/// </summary>
internal sealed partial class NamePattern
{
    private readonly Regex _regex;

    internal NamePattern(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        Text = text;
        var expression = new StringBuilder("^");
        var end = 0;
        foreach (Match placeholder in Placeholder().Matches(text))
        {
            expression.Append(Regex.Escape(text[end..placeholder.Index])).Append(Expression(placeholder));
            end = placeholder.Index + placeholder.Length;
        }

        expression.Append(Regex.Escape(text[end..])).Append('$');
        _regex = new Regex(expression.ToString(), RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    }

    internal string Text { get; }

    /// <summary>What the placeholders stand for in a name; null where the name does not match.</summary>
    internal Dictionary<string, string>? Match(string name)
    {
        var match = _regex.Match(name);
        return match.Success
            ? match.Groups.Values.Skip(1).ToDictionary(group => group.Name, group => group.Value, StringComparer.Ordinal)
            : null;
    }

    /// <summary>The name with the placeholders replaced.</summary>
    internal string Fill(IReadOnlyDictionary<string, string> values) =>
        Placeholder()
            .Replace(
                Text,
                placeholder =>
                    values.TryGetValue(placeholder.Groups["name"].Value, out var value)
                        ? value
                        : throw new ArgumentException(
                            $"The pattern '{Text}' uses '{placeholder.Value}', which its source pattern does not bind.",
                            nameof(values)
                        )
            );

    private static string Expression(Match placeholder)
    {
        var name = placeholder.Groups["name"].Value;
        if (placeholder.Groups["any"].Success)
        {
            return $"(?<{name}>.+)";
        }

        return placeholder.Groups["choice"] is { Success: true } choice
            ? $"(?<{name}>{string.Join('|', choice.Value.Split('|').Select(Regex.Escape))})"
            : $"(?<{name}>[0-9]+)";
    }

    [GeneratedRegex(@"\{(?<name>[a-z]+)((?<any>\*)|:(?<choice>[^}]+))?\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
