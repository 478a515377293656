// The report as one HTML file.
using Duet.Reports;
using Duet.Torch.Safetensors;

namespace Duet.Pages;

/// <summary>
/// Turns what was gathered into one HTML file that needs nothing else: its style, its script and its pictures are inside it, and a content
/// security policy lets a browser run and load nothing but these.
/// </summary>
public static class ReportPage
{
    /// <summary>The page as HTML, which is well-formed XML as well.</summary>
    public static string Render(ReportData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(ReportDocument.Data)] = data };
        return PageRenderer.Render<ReportDocument>(parameters) + "\n";
    }

    /// <summary>Writes the page, in one step.</summary>
    /// <exception cref="IOException">Writing failed; an older file is as it was.</exception>
    public static void Save(ReportData data, string path) => AtomicFile.WriteText(path, Render(data));
}
