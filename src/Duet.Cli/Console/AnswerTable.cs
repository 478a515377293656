// One product's answers as a table.
using System.Globalization;
using Duet.Inference;
using Spectre.Console;

namespace Duet.Cli.Console;

/// <summary>Draws a classification.</summary>
internal static class AnswerTable
{
    private const int Runners = 2;

    /// <summary>One line per task: the answer, how sure, its shares, and what came next.</summary>
    public static Table Of(Classification answers)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("task").AddColumn("answer");
        table.AddColumn(new TableColumn("probability").RightAligned());
        var calibrated = answers.Tasks.Any(answer => answer.Accepted is not null);
        if (calibrated)
        {
            table.AddColumn("decision");
        }

        table.AddColumn("shares");
        table.AddColumn("next");
        foreach (var answer in answers.Tasks)
        {
            table.AddRow([
                Markup.Escape(answer.Task),
                Markup.Escape(
                    answer.Path is { } path ? path
                    : answer.Given.Count > 0 ? string.Join(", ", answer.Given.Select(given => given.Label))
                    : $"none (most probable: {answer.Label})"
                ),
                Percent(answer.Probability),
                .. calibrated ? (string[])[Decision(answer)] : [],
                Shares(answer),
                Markup.Escape(
                    string.Join(", ", answer.TopFive.Skip(1).Take(Runners).Select(next => $"{next.Label} {Percent(next.Probability)}"))
                ),
            ]);
        }

        return table;
    }

    private static string Decision(TaskAnswer answer) =>
        Markup.Escape(
            answer is { Accepted: false, Ancestor: { } ancestor }
                ? $"{answer.Decision}; accepted up to {ancestor.Label}"
                : $"{answer.Decision}"
        );

    /// <summary>For instance <c>picture 71 %, text 29 %</c>; a dash for systems that have no shares.</summary>
    public static string Shares(TaskAnswer answer) =>
        answer is { ImageShare: { } image, TextShare: { } text } ? $"picture {Percent(image)}, text {Percent(text)}" : "-";

    /// <summary>A share in percent.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} %");
}
