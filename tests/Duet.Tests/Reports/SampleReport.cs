// A run whose titles, labels and names mean harm, and the report of it.
using Duet.Data;
using Duet.Inference;
using Duet.Reports;
using Duet.Tests.Inference;
using Duet.Tests.Vision;
using Duet.Vision;

namespace Duet.Tests.Reports;

/// <summary>A sample run with a table of 24 hostile products, five epochs and a quarantine list.</summary>
internal sealed class SampleReport : IDisposable
{
    /// <summary>Markup, a script, a handler, an address, quotes.</summary>
    public const string Attack = "<script>alert(1)</script>\"'><img src=http://example.com/x onerror=alert(2)>&lt;";

    /// <summary>A character that turns the writing direction, an emoji, a control character.</summary>
    public const string Odd = "\u202Egnp.exe \U0001F45F \u0001";

    private const int Rows = 24;

    private static readonly string[] Categories = ["<b>bag</b>", Attack, "shirt & \"tie\""];

    private readonly SampleRun run = new();

    public SampleReport()
    {
        var colors = SampleRun.Schema.Tasks[1].Classes;
        new TaskSchema(
        [
            SampleRun.Schema.Tasks[0] with { Classes = Categories },
            SampleRun.Schema.Tasks[1] with { Classes = [Odd, .. colors.Skip(1)] },
            SampleRun.Schema.Tasks[2],
        ]).Save(run.Run.LabelsFile);
        var lines = Enumerable.Range(0, Rows).Select(i => Line(i, colors));
        run.Write("products.csv", "sku,image,text,category,color,tags\n" + string.Join('\n', lines) + "\n");
        run.Write(Path.Combine("run", "metrics.jsonl"), string.Concat(Enumerable.Range(1, 5).Select(Epoch)));
        run.Write(Path.Combine("run", "quarantine.csv"), "row,id,file,reason,detail,row_refused\n3,x,a.jpg,image_missing,gone,false\n4,y,b.jpg,image_missing,gone,false\n");
    }

    public string Folder => run.Run.Path;

    public string Table => run.Table;

    public string this[string name] => run[name];

    public static ReportOptions Options { get; } = new() { Use = new ModelUseOptions { Threads = 1, LoaderThreads = 1 } };

    public ReportData Gather(Func<ReportOptions, ReportOptions>? change = null) => ReportGatherer.Gather(Folder, change?.Invoke(Options) ?? Options);

    public void Dispose() => run.Dispose();

    private string Line(int i, IReadOnlyList<string> colors)
    {
        var picture = $"{i}.jpg";

        // One picture is missing and one is none.
        if (i == 1)
        {
            run.Write(picture, "no picture");
        }
        else if (i != 2)
        {
            ImageEncoder.WriteJpeg(TestPictures.Draw(200 + i, 90, seed: i), run[picture]);
        }

        var text = i % 6 == 5 ? string.Empty : $"{Attack} number {i} {Odd}";
        string[] cells = [$"p{i}{(i == 4 ? Attack : string.Empty)}", picture, text, i % 5 == 4 ? string.Empty : Categories[i % 3], i % 2 == 0 ? colors[(i % 6) + 1] : "unheard of", i % 4 == 3 ? string.Empty : "new|sale"];
        return string.Join(',', cells.Select(cell => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal).Replace("\u0001", string.Empty, StringComparison.Ordinal)}\""));
    }

    private static string Epoch(int epoch) => FormattableString.Invariant(
        $$$"""{"stage":"training","epoch":{{{epoch}}},"epochs":5,"step":{{{10 * epoch}}},"loss":{{{3.0 / epoch}}},"task_losses":{"category":{{{2.0 / epoch}}},"color":{{{1.0 / epoch}}}},"score":{{{0.5 + (0.05 * epoch)}}},"scores":{"category":0.5,"color":{{{0.1 * epoch}}},"tags":0.4},"is_best":{{{(epoch == 4 ? "true" : "false")}}},"samples_per_second":100,"seconds":2}""") + "\n";
}
