// What the demo shows at its end.
using Duet.Cli.Console;
using Duet.Data;
using Duet.Inference;
using Spectre.Console;

namespace Duet.Cli.Demo;

/// <summary>The demo's tables.</summary>
internal static class DemoReport
{
    /// <summary>Accuracy per task and model.</summary>
    public static Table Scores(IReadOnlyList<DemoVariant> variants)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("test accuracy");
        foreach (var variant in variants)
        {
            table.AddColumn(new TableColumn(variant.Title).RightAligned());
        }

        table.AddColumn("signal in");
        foreach (var task in SyntheticCatalog.Tasks)
        {
            table.AddRow([task, .. variants.Select(variant => ScoreTable.Share(variant.Report!.Tasks[task].Accuracy)), Whereabouts(task)]);
        }

        return table.AddRow([
            "mean",
            .. variants.Select(variant => $"[bold]{ScoreTable.Share(variant.Report!.MeanAccuracy)}[/]"),
            string.Empty,
        ]);
    }

    /// <summary>
    /// Three products of the test split that show what modality-wise attention does: the color is in the picture only, in the title only,
    /// in both.
    /// </summary>
    public static IReadOnlyList<SyntheticProduct> Choose(IEnumerable<SyntheticProduct> products)
    {
        var test = products
            .Where(product =>
                string.Equals(product.Split, "test", StringComparison.Ordinal) && product.Labels.Values.All(label => label is not null)
            )
            .ToList();
        var chosen = new[] { RelevantModality.Image, RelevantModality.Text, RelevantModality.Both }
            .Select(wanted =>
                test.Find(product =>
                    product.Relevance.Any(relevance =>
                        relevance.Modality == wanted && string.Equals(relevance.Task, "color", StringComparison.Ordinal)
                    )
                )
            )
            .OfType<SyntheticProduct>();
        return [.. chosen];
    }

    /// <summary>A prediction beside what is known of the product.</summary>
    public static Table Prediction(SyntheticProduct product, Classification answers)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("task", "truth", "answer");
        table.AddColumn(new TableColumn("probability").RightAligned());
        table.AddColumns("shares", "signal in");
        foreach (var relevance in product.Relevance)
        {
            var answer = answers[relevance.Task];
            var truth = product.Truth[relevance.Task];
            var right = string.Equals(truth, answer.Label, StringComparison.Ordinal);
            table.AddRow(
                relevance.Task,
                Markup.Escape(truth),
                $"[{(right ? "green" : "red")}]{Markup.Escape(answer.Label)}[/]",
                AnswerTable.Percent(answer.Probability),
                AnswerTable.Shares(answer),
                relevance.Modality switch
                {
                    RelevantModality.Image => "picture",
                    RelevantModality.Text => "title",
                    _ => "picture and title",
                }
            );
        }

        return table;
    }

    private static string Whereabouts(string task) =>
        task switch
        {
            "pattern" => "the picture",
            "material" or "gender" => "the title",
            _ => "one of them, or both: it varies",
        };
}
