// What a section says whose source is absent.
using System.Xml.Linq;
using Duet.Inference;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>Says which command would fill a section.</summary>
internal static class Wanted
{
    private const string SomeTable = "TABLE.csv";

    /// <summary>The line for everything that needs an evaluation.</summary>
    public static XElement Measured(ReportData data) => data switch
    {
        { Run.Schema.Tasks.Count: 0 } => Html.Paragraph("The run was imported and has no tasks: there is nothing to measure."),
        { Run.Parameters: null } => Html.Absent("The run has no weights yet. Go on with:", ShellCommand.Of("duet", "train", "--output", data.Run.Folder.Path, "--resume")),
        _ => Html.Absent("Nothing was measured: the run's table is not there. Name one:", ShellCommand.Of("duet", "report", data.Run.Folder.Path, "--data", SomeTable)),
    };

    /// <summary>A command over the run and its table.</summary>
    public static string Command(ReportData data, string verb, params string[] more) =>
        ShellCommand.Of(["duet", verb, data.Run.Folder.Path, .. data.Source is { } source ? TableArguments.Of(source) : ["--data", SomeTable], .. more]);
}
