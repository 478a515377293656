// An explanation as tables.
using System.Globalization;
using Duet.Explanation;
using Spectre.Console;

namespace Duet.Cli.Console;

/// <summary>Draws one task's explanation: words with their scores, and how far each method can be trusted.</summary>
internal static class ExplanationTable
{
    /// <summary>Writes it.</summary>
    public static void Write(IAnsiConsole console, TaskExplanation task, IReadOnlyList<TextUnit> words)
    {
        var shares = task is { ImageShare: { } image, TextShare: { } text }
            ? $", by picture {AnswerTable.Percent(image)}, by text {AnswerTable.Percent(text)}"
            : string.Empty;
        console.WriteLine($"{task.Task}: {task.Label} ({AnswerTable.Percent(task.Probability)}{shares})");
        var spoken = task.Attributions.Where(attribution => attribution.Words is not null).ToArray();
        if (words.Count > 0 && spoken.Length > 0)
        {
            var table = new Table().Border(TableBorder.Simple).AddColumn("word");
            foreach (var attribution in spoken)
            {
                table.AddColumn(new TableColumn(ExplanationFiles.MethodName(attribution.Method)).RightAligned());
            }

            for (var word = 0; word < words.Count; word++)
            {
                var name = words[word].Seen ? words[word].Text : $"{words[word].Text} (not read)";
                table.AddRow([Markup.Escape(name), .. spoken.Select(attribution => Number(attribution.Words![word]))]);
            }

            console.Write(table);
        }

        WriteTrust(console, task);
    }

    private static void WriteTrust(IAnsiConsole console, TaskExplanation task)
    {
        if (task.MostFaithful is not { } best)
        {
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumn("faithfulness");
        foreach (var title in (string[])["words", "picture", "mean"])
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (var attribution in task.Attributions)
        {
            table.AddRow(
                ExplanationFiles.MethodName(attribution.Method),
                Number(attribution.WordFaithfulness?.Score),
                Number(attribution.PatchFaithfulness?.Score),
                Number(attribution.Trust)
            );
        }

        console.Write(table);
        var trust = task[best]!.Trust;
        console.WriteLine(
            trust > 0
                ? $"Most faithful here: {ExplanationFiles.MethodName(best)}."
                : $"No method is better than chance here; the best is {ExplanationFiles.MethodName(best)}."
        );
        console.WriteLine();
    }

    private static string Number(double? value) => value?.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture) ?? "-";
}
