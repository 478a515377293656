// What the model is.
using System.Xml.Linq;
using Duet.Models;
using Duet.Reports.Markup;
using Duet.Runs;

namespace Duet.Reports.Sections;

/// <summary>System, sizes, recipe, versions; the whole configuration behind a fold.</summary>
internal sealed class ModelSection : IReportSection
{
    /// <inheritdoc/>
    public string Id => "model";

    /// <inheritdoc/>
    public string Title => "Model and recipe";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        var run = data.Run;
        var (options, training) = (run.Configuration.Options, run.Configuration.Training);
        yield return Html.Facts(
        [
            ("system", $"{run.System.Title} ({run.System.Source})"),
            ("preset", run.Configuration.Preset),
            ("size", run.Parameters is { } parameters ? $"{Words.Short(Math.Round(parameters / 1e6, 2))} M parameters, {Words.Short(Math.Round((run.WeightsBytes ?? 0) / 1e6, 1))} MB" : "no weights yet"),
            ("looks at", options.Modalities switch { InputModalities.Image => "pictures only", InputModalities.Text => "texts only", _ => "pictures and texts" }),
            ("pictures", $"{options.ImageSize} × {options.ImageSize} pixels"),
            ("texts", $"{run.Tokenizer}, {Words.Count(run.VocabularySize)} tokens, at most {options.ContextLength} per text"),
            ("recipe", $"batch {training.BatchSize}{(training.AccumulationSteps > 1 ? $" × {training.AccumulationSteps}" : string.Empty)}, learning rate {Words.Short(training.LearningRate * 1e4)}e-4, weight decay {Words.Short(training.WeightDecay)}, label smoothing {Words.Short(training.LabelSmoothing)}"),
            ("started from", training.Pretrained is { } pretrained ? Html.Given(pretrained) : "random weights"),
            ("seed", training.Seed),
            ("computed with", $"{training.Precision.ToString().ToLowerInvariant()}, {training.Device}, {(training.AdaptThreads ? "at most " : string.Empty)}{Words.Count(training.Threads, "thread", "threads")}"),
            ("versions", $"Duet {data.Versions.Duet}, libtorch {data.Versions.Libtorch}, {data.Versions.Runtime}"),
            ("machine", Html.Given(data.Versions.Machine)),
        ]);
        yield return Html.Folded("Every setting (config.yaml)", Html.Of("pre", Html.At("tabindex", "0"), Html.Of("code", RunConfigurationFile.ToText(run.Configuration))));
    }
}
