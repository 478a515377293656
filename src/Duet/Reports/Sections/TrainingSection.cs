// How training went.
using System.Xml.Linq;
using Duet.Data;
using Duet.Reports.Charts;
using Duet.Reports.Gathering;
using Duet.Reports.Markup;
using Duet.Training;

namespace Duet.Reports.Sections;

/// <summary>Curves of loss and validation score.</summary>
internal sealed class TrainingSection : IReportSection
{
    /// <inheritdoc/>
    public string Id => "training";

    /// <inheritdoc/>
    public string Title => "Training";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        var run = data.Run;
        if (run.Epochs.Count == 0)
        {
            yield return run.Configuration.IsImported
                ? Html.Paragraph("The run was imported, not trained.")
                : Html.Absent("No epoch is finished yet. Go on with:", ShellCommand.Of("duet", "train", "--output", run.Folder.Path, "--resume"));
            yield break;
        }

        yield return Html.Facts(
        [
            ("epochs", $"{run.Epochs.Count}{(run.AllEpochsDone ? string.Empty : $" of {run.Configuration.Training.Epochs + run.Configuration.Training.PretrainEpochs}")}"),
            ("time", Words.Duration(run.TrainingTime)),
            ("rate", $"{Words.Count((long)run.Epochs.Average(epoch => epoch.SamplesPerSecond))} products/s"),
            .. run.Best is { } best ? [("kept", $"epoch {best.Epoch}{(best.Score is { } score ? $", validation {Words.Percent(score)}" : string.Empty)}")] : ((string, object)[])[],
        ]);
        yield return Html.Of("div.charts", Charts(run.Schema, run.Epochs, run.Best));
    }

    private static IEnumerable<XElement> Charts(TaskSchema schema, IReadOnlyList<EpochReport> epochs, EpochReport? best)
    {
        var training = epochs.Where(epoch => epoch.Stage == TrainingStage.Training).ToList();
        var before = epochs.Where(epoch => epoch.Stage != TrainingStage.Training).ToList();
        if (before.Count > 0)
        {
            yield return Chart("pretraining-loss", "Loss of pre-training", "mean loss", before, [Line("loss", before, epoch => epoch.Loss) with { Style = TaskStyle.Mean }], null, Words.Short);
        }

        if (training.Count == 0)
        {
            yield break;
        }

        var tasks = training[0].Scores.Keys.ToList();
        if (tasks.Count > 0)
        {
            List<ChartSeries> scores =
            [
                .. tasks.Count > 1 ? [Line("mean", training, epoch => epoch.Score ?? double.NaN) with { Style = TaskStyle.Mean }] : (ChartSeries[])[],
                .. tasks.Select(task => Line(task, training, epoch => epoch.Scores.GetValueOrDefault(task, double.NaN)) with { Style = TaskStyle.Of(schema, task) }),
            ];
            yield return Chart("validation", "Validation score", "accuracy", training, scores, best, value => Words.WholePercent(value));
        }

        yield return Chart("loss", "Training loss", "mean loss", training, [Line("loss", training, epoch => epoch.Loss) with { Style = TaskStyle.Mean }], best, Words.Short);
        var losses = training[0].TaskLosses.Keys.ToList();
        if (losses.Count > 1)
        {
            yield return Chart("task-loss", "Training loss by task", "mean loss", training, [.. losses.Select(task => Line(task, training, epoch => epoch.TaskLosses.GetValueOrDefault(task, double.NaN)) with { Style = TaskStyle.Of(schema, task) })], best, Words.Short);
        }
    }

    private static ChartSeries Line(string name, IEnumerable<EpochReport> epochs, Func<EpochReport, double> value) =>
        new(name, [.. epochs.Select(epoch => new ChartPoint(epoch.Epoch, value(epoch)))]);

    private static XElement Chart(
        string id, string title, string label, List<EpochReport> epochs, IReadOnlyList<ChartSeries> series, EpochReport? best, Func<double, string> format)
    {
        var percent = string.Equals(label, "accuracy", StringComparison.Ordinal);
        var values = series.SelectMany(line => line.Points).Select(point => point.Y).Where(double.IsFinite).ToList();
        return new LineChart
        {
            Id = id,
            Title = title,
            Description = values.Count == 0 ? "No values." : $"{series.Count} line(s) over {epochs.Count} epochs; {series[0].Name} goes from {Precise(series[0].Points[0].Y)} to {Precise(series[0].Points[^1].Y)}.",
            X = Axis.Over("epoch", epochs.Select(epoch => (double)epoch.Epoch), Words.Short, floor: epochs[0].Epoch, ceiling: Math.Max(epochs[^1].Epoch, epochs[0].Epoch + 1), leastStep: 1),
            Y = Axis.Over(label, values, format, floor: percent ? 0 : double.NegativeInfinity, ceiling: percent ? 1 : double.PositiveInfinity),
            Series = series,
            Upright = best is not null && epochs.Count > 1 ? [new ChartMark(best.Epoch, $"kept: {best.Epoch}")] : [],
            Precise = Precise,
        }.Draw();

        string Precise(double value) => percent ? Words.Percent(value) : Words.Decimal(value);
    }
}
