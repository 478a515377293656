// The report's style sheet, as far as colours go.
using System.Globalization;
using System.Text.RegularExpressions;
using Duet.Pages;

namespace Duet.Tests.Reports;

/// <summary>Reads the rules of the report's style sheet and says what colour they paint, and how far two colours lie apart.</summary>
internal sealed partial class StyleSheet
{
    private const int Patience = 1000;

    private readonly Dictionary<string, Dictionary<string, string>> _rules = new(StringComparer.Ordinal);

    public StyleSheet(string css)
    {
        // Rules inside @media blocks and of further themes are not those of the screen.
        var plain = Blocks().Replace(css, string.Empty);
        foreach (Match rule in Rules().Matches(plain))
        {
            foreach (var selector in rule.Groups["selectors"].Value.Split(',').Select(one => one.Trim()))
            {
                var declared = _rules.TryGetValue(selector, out var before) ? before : _rules[selector] = new(StringComparer.Ordinal);
                foreach (
                    var parts in rule.Groups["body"].Value.Split(';').Select(one => one.Split(':', 2)).Where(parts => parts.Length == 2)
                )
                {
                    declared[parts[0].Trim()] = parts[1].Trim();
                }
            }
        }
    }

    public static StyleSheet OfReport() => new(PageAssets.StyleSheet);

    /// <summary>What is painted.</summary>
    /// <param name="selectors">The rules of one element, joined by plus signs, the more specific one last.</param>
    /// <param name="property">fill, stroke or background.</param>
    /// <param name="dark">The theme.</param>
    /// <param name="under">What lies below it, for colours that let it through.</param>
    public double[] Painted(string selectors, string property, bool dark, double[] under)
    {
        string? Value(string name) =>
            selectors.Split('+').Select(one => _rules[one.Trim()].GetValueOrDefault(name)).LastOrDefault(value => value is not null);
        var opacity = Number(Value("opacity")) * Number(Value(property + "-opacity"));
        var colour = Colour(Value(property) ?? throw new ArgumentException($"{selectors} has no {property}.", nameof(property)), dark);
        return [.. colour.Zip(under, (over, below) => (over * opacity) + (below * (1 - opacity)))];
    }

    /// <summary>The colour of a variable.</summary>
    public double[] Variable(string name, bool dark) => Colour($"var({name})", dark);

    /// <summary>The contrast of WCAG 2.2, from 1 to 21.</summary>
    public static double Contrast(double[] one, double[] other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private double[] Colour(string value, bool dark)
    {
        // Of a shorthand such as that of a border the colour comes last.
        if (Variables().Match(value) is { Success: true } variable)
        {
            return Colour(_rules[":root"][variable.Groups["name"].Value], dark);
        }

        var hex = Themes().Match(value) is { Success: true } themes ? themes.Groups[dark ? "dark" : "light"].Value : value;
        return
        [
            .. Enumerable
                .Range(0, 3)
                .Select(i => int.Parse(hex.AsSpan(1 + (2 * i), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0),
        ];
    }

    private static double Luminance(double[] colour)
    {
        double Linear(int i) => colour[i] <= 0.04045 ? colour[i] / 12.92 : Math.Pow((colour[i] + 0.055) / 1.055, 2.4);
        return (0.2126 * Linear(0)) + (0.7152 * Linear(1)) + (0.0722 * Linear(2));
    }

    private static double Number(string? value) => value is null ? 1 : double.Parse(value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"@[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"(?<selectors>[^{}]+)\{(?<body>[^{}]*)\}", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Rules();

    [GeneratedRegex(@"\bvar\((?<name>--[\w-]+)\)$", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Variables();

    [GeneratedRegex(@"^light-dark\((?<light>#\w{6}), (?<dark>#\w{6})\)$", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Themes();
}
