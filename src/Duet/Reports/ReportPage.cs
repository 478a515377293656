// The page.
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Duet.Reports.Markup;
using Duet.Reports.Sections;
using Duet.Torch.Safetensors;

namespace Duet.Reports;

/// <summary>
/// Turns what was gathered into one HTML file that needs nothing else: its style, its script and its pictures are inside it, and a content
/// security policy lets a browser run and load nothing but these.
/// </summary>
public static class ReportPage
{
    private static readonly IReadOnlyList<IReportSection> Sections =
    [
        new ResultsSection(), new SharesSection(), new PrecisionRecallSection(), new ReliabilitySection(), new CalibrationSection(), new TaxonomySection(), new SlicesSection(),
        new ConfusionSection(), new ExamplesSection(), new RobustnessSection(), new ComparisonSection(), new ContrastSection(), new TrainingSection(), new ModelSection(), new DataSection(), new RepeatSection(),
    ];

    /// <summary>The page as HTML, which is well-formed XML as well.</summary>
    public static string Render(ReportData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var (style, script) = (StyleSheet(), Asset("report.js"));
        var page = Html.Of(
            "html",
            Html.At("lang", "en"),
            Html.Of(
                "head",
                Html.Of("meta", Html.At("charset", "utf-8")),
                Html.Of("meta", Html.At("http-equiv", "Content-Security-Policy"), Html.At("content", Policy(style, script))),
                Html.Of("meta", Html.At("name", "viewport"), Html.At("content", "width=device-width, initial-scale=1")),
                Html.Of("meta", Html.At("name", "color-scheme"), Html.At("content", "light dark")),
                Html.Of("meta", Html.At("name", "generator"), Html.At("content", $"Duet {data.Versions.Duet}")),
                Html.Of("title", $"{Name(data)} – Duet report"),
                Html.Of("style", style)),
            Html.Of(
                "body",
                Html.Of("a.skip", Html.At("href", "#main"), "Skip to the figures"),
                Header(data),
                Html.Of("div.page", Contents(), Main(data)),
                Footer(data),
                Html.Of("script", script)));
        NameProgram(page, data.Program);
        return HtmlWriter.Document(page);
    }

    // Sections write `duet`; the reader's shell may know it by another name.
    private static void NameProgram(XElement page, string program)
    {
        foreach (var code in page.Descendants().Where(element => string.Equals(element.Name.LocalName, "code", StringComparison.Ordinal)))
        {
            if (code.Value.StartsWith(ShellCommand.Program + " ", StringComparison.Ordinal))
            {
                code.Value = program + code.Value[ShellCommand.Program.Length..].Replace($"&& {ShellCommand.Program} ", $"&& {program} ", StringComparison.Ordinal);
            }
        }
    }

    /// <summary>Writes the page, in one step.</summary>
    /// <exception cref="IOException">Writing failed; an older file is as it was.</exception>
    public static void Save(ReportData data, string path) => AtomicFile.WriteText(path, Render(data));

    private static XElement Header(ReportData data) => Html.Of(
        "header",
        Html.Of("button.theme", Html.At("type", "button"), Html.At("hidden", "hidden"), "Dark"),
        Html.Of("p.kind", "Duet report"),
        Html.Of("h1", Html.Given(Name(data))),
        Html.Of("p.lead", Lead(data)),
        Html.Of("dl.hero", Hero(data).Select(fact => Html.Of("div", Html.Of("dt", fact.Name), Html.Of("dd", fact.Value)))),
        data.Notes.Prepend(data.Flattered).Prepend(data.LostMuch).OfType<string>().Select(note => Html.Of("p.notice", note)));

    private static string Lead(ReportData data)
    {
        var system = $"{data.Run.System.Title}, preset {data.Run.Configuration.Preset}, seed {data.Run.Configuration.Training.Seed}";
        return data.Measured is { Report: var report }
            ? $"{system}; measured on {Words.Count(report.N, "product", "products")} of {(report.Split is { } split ? $"the split {split}" : "a whole table")}."
            : $"{system}.";
    }

    private static IEnumerable<(string Name, string Value)> Hero(ReportData data)
    {
        if (data.Measured is { Report: var report })
        {
            yield return (report.Tasks.Count == 1 ? "accuracy" : $"mean accuracy, {(report.MeasuredTasks == report.Tasks.Count ? string.Empty : $"{report.MeasuredTasks} of ")}{report.Tasks.Count} tasks", Words.Percent(report.MeanAccuracy));
            yield return ("mean calibration error", Words.Decimal(report.Tasks.Values.Average(task => task.Ece)));
        }
        else if (data.Run.Best?.Score is { } score)
        {
            yield return ("mean validation score", Words.Percent(score));
        }

        yield return ("parameters", data.Run.Parameters is { } parameters ? $"{Words.Short(Math.Round(parameters / 1e6, 2))} M" : Words.None);
        yield return ("training", data.Run.Epochs.Count == 0 ? Words.None : Words.Duration(data.Run.TrainingTime));
    }

    private static XElement Contents() => Html.Of(
        "nav",
        Html.At("aria-label", "Contents"),
        Html.Of("ul", Sections.Select(section => Html.Of("li", Html.Of("a", Html.At("href", $"#{section.Id}"), section.Title)))));

    private static XElement Main(ReportData data) => Html.Of(
        "main",
        Html.At("id", "main"),
        Html.At("tabindex", "-1"),
        Sections.Select(section => Html.Of(
            "section",
            Html.At("id", section.Id),
            Html.At("aria-labelledby", $"{section.Id}-heading"),
            Html.Of("h2", Html.At("id", $"{section.Id}-heading"), section.Title),
            section.Content(data))));

    private static XElement Footer(ReportData data) => Html.Of(
        "footer",
        Html.Paragraph(string.Create(CultureInfo.InvariantCulture, $"Made by Duet {data.Versions.Duet} on {data.Made.UtcDateTime:yyyy-MM-dd HH:mm} UTC. This file needs no network.")));

    private static string Name(ReportData data) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data.Run.Folder.Path)));

    private static string Policy(string style, string script) =>
        $"default-src 'none'; img-src data:; style-src '{Hash(style)}'; script-src '{Hash(script)}'; base-uri 'none'; form-action 'none'";

    private static string Hash(string code) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    /// <summary>The page's style sheet. The width below which a table's rows are stacked cannot be a variable there, so these rules are written once per width.</summary>
    internal static string StyleSheet()
    {
        const string Place = "/* stacked.css stands here, once for every width that a table may need. */";
        var rules = Asset("stacked.css");
        return Asset("report.css").Replace(Place, string.Concat(TableWidth.Stacked.Select(kind => kind.Below is { } width
            ? $"@container (max-width: {width}) {{\n{rules.Replace(".stacked", kind.Class, StringComparison.Ordinal)}}}\n"
            : rules.Replace(".stacked", kind.Class, StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    private static string Asset(string name)
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream($"Duet.Reports.{name}") ?? throw new InvalidOperationException($"Duet was built without {name}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
