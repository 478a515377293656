// What all sections of a report have.
using Duet.Inference;
using Duet.Pages.Charts;
using Duet.Reports;
using Microsoft.AspNetCore.Components;

namespace Duet.Pages.Sections;

/// <summary>The content of a section. Its heading, of the second level, stands above it; headings inside begin at the third.</summary>
public abstract class ReportSection : ComponentBase
{
    private const string AnyTable = "TABLE.csv";

    /// <summary>What the report shows.</summary>
    [CascadingParameter]
    public ReportData Data { get; set; } = null!;

    /// <summary>The command that continues the run's training.</summary>
    protected string ResumeCommand => ShellCommand.Of("duet", "train", "--output", Data.Run.Folder.Path, "--resume");

    /// <summary>A command over the run and the table that was looked at, or a name to fill in.</summary>
    protected string RunCommand(string verb, params string[] more) =>
        ShellCommand.Of([
            "duet",
            verb,
            Data.Run.Folder.Path,
            .. Data.Source is { } source ? TableArguments.Of(source) : ["--data", AnyTable],
            .. more,
        ]);

    /// <summary>The class of a task's color.</summary>
    protected string Style(string task) => SeriesStyle.Of(Data.Run.Schema, task);
}
