// Attribution against the truth: does the best-scored word, or the best-scored part of the picture, carry the answer?
using Duet.Data;
using Duet.Explanation;
using Duet.Inference;
using Duet.Runs;
using Duet.Studies.Robustness;
using Xunit.Abstractions;

namespace Duet.Tests.Training;

[Collection(TrainingCollection.Name)]
public sealed class PointingTests(RelevanceRuns runs, ITestOutputHelper output)
{
    private const int Products = 60;
    private static readonly ModelUseOptions OneThread = new() { Threads = 1, LoaderThreads = 1 };

    [Fact]
    public void Attribution_finds_the_informative_word_and_region()
    {
        using var model = DuetModel.Load(runs.Fused.Path, OneThread);
        var explainer = new Explainer(model);
        var words = new Dictionary<string, List<bool>>(StringComparer.Ordinal);
        var regions = new Dictionary<string, List<bool>>(StringComparer.Ordinal);
        foreach (var product in runs.Test.Take(Products))
        {
            var explanation = explainer.Explain(
                ProductInput.Of(runs.Picture(product), product.Title),
                new ExplanationOptions
                {
                    RandomOrders = 4,
                    CurvePoints = 9,
                    IntegrationSteps = 32,
                }
            );
            foreach (
                var relevance in product.Relevance.Where(relevance => explanation[relevance.Task].Label == product.Truth[relevance.Task])
            )
            {
                Point(explanation[relevance.Task], relevance, explanation.Words, words, regions);
            }
        }

        Tell("words", words);
        Tell("regions", regions);
        Best(words).ShouldBeGreaterThanOrEqualTo(0.8);
        Best(regions).ShouldBeGreaterThanOrEqualTo(0.8);
        Share(words["most faithful"]).ShouldBeGreaterThanOrEqualTo(0.8);
        Share(regions["most faithful"]).ShouldBeGreaterThanOrEqualTo(0.7);
    }

    // Taking information away moves the share; replacing it does not: a wrong text looks like a right one.
    [Fact]
    public void A_spoilt_input_loses_weight()
    {
        var report = Sweep(
            runs.Apart,
            CorruptionKind.Occlusion,
            CorruptionKind.MissingPicture,
            CorruptionKind.WordDrop,
            CorruptionKind.WrongText,
            CorruptionKind.MissingText
        );
        Change(report, CorruptionKind.Occlusion).ShouldBeLessThan(-0.03);
        Change(report, CorruptionKind.MissingPicture).ShouldBeLessThan(-0.2);
        Change(report, CorruptionKind.WordDrop).ShouldBeGreaterThan(0.02);
        Change(report, CorruptionKind.MissingText).ShouldBeGreaterThan(0.2);
        Math.Abs(Change(report, CorruptionKind.WrongText)).ShouldBeLessThan(0.03);
    }

    // With sequence-wise attention both aggregates carry both inputs: the share moves little where a part of one is lost (decision 007).
    [Fact]
    public void A_missing_input_has_no_weight_in_the_whole_system()
    {
        var report = Sweep(runs.Fused, CorruptionKind.Occlusion, CorruptionKind.MissingPicture, CorruptionKind.MissingText);
        Change(report, CorruptionKind.Occlusion).ShouldBeLessThan(0);
        (Change(report, CorruptionKind.MissingPicture) + report.Clean.MeanImageShare!.Value).ShouldBe(0, 1e-6);
        (Change(report, CorruptionKind.MissingText) + report.Clean.MeanImageShare!.Value).ShouldBe(1, 1e-6);
    }

    private RobustnessReport Sweep(RunFolder run, params CorruptionKind[] kinds)
    {
        using var model = DuetModel.Load(run.Path, OneThread);
        var report = new RobustnessSweep(model).Run(
            new TableSource(runs.Files.Table),
            new RobustnessOptions { Split = "test", Kinds = kinds }
        );
        output.WriteLine(report.ToMarkdown());
        return report;
    }

    private static double Change(RobustnessReport report, CorruptionKind kind) =>
        report.Curves.Single(curve => curve.Corruption == Corruption.NameOf(kind)).Points[^1].MeanImageShare!.Value
        - report.Clean.MeanImageShare!.Value;

    private static void Point(
        TaskExplanation task,
        TaskRelevance relevance,
        IReadOnlyList<TextUnit> units,
        Dictionary<string, List<bool>> words,
        Dictionary<string, List<bool>> regions
    )
    {
        var byWords = task
            .Attributions.Where(attribution => attribution.WordFaithfulness is not null)
            .MaxBy(attribution => attribution.WordFaithfulness!.Score);
        var byPatches = task
            .Attributions.Where(attribution => attribution.PatchFaithfulness is not null)
            .MaxBy(attribution => attribution.PatchFaithfulness!.Score);
        foreach (
            var (name, attribution) in task
                .Attributions.Select(attribution => (attribution.Method.ToString(), attribution))
                .Append(("most faithful", byWords!))
        )
        {
            if (relevance.Modality == RelevantModality.Text && attribution.Words is { } scores)
            {
                var best = Enumerable.Range(0, scores.Count).MaxBy(word => scores[word]);
                Add(words, name, relevance.Words.Contains(units[best].Text, StringComparer.OrdinalIgnoreCase));
            }
        }

        foreach (
            var (name, attribution) in task
                .Attributions.Select(attribution => (attribution.Method.ToString(), attribution))
                .Append(("most faithful", byPatches!))
        )
        {
            if (relevance is { Modality: RelevantModality.Image, Box: { } box } && attribution.Patches is { } patches)
            {
                var (x, y) = patches.Peak();
                Add(regions, name, box.Contains((int)(x * 32), (int)(y * 32)));
            }
        }
    }

    private static void Add(Dictionary<string, List<bool>> hits, string name, bool hit)
    {
        if (!hits.TryGetValue(name, out var list))
        {
            hits[name] = list = [];
        }

        list.Add(hit);
    }

    private static double Best(Dictionary<string, List<bool>> hits) =>
        hits.Where(method => method.Key != "most faithful").Max(method => Share(method.Value));

    private static double Share(List<bool> hits) => hits.Count(hit => hit) / (double)hits.Count;

    private void Tell(string what, Dictionary<string, List<bool>> hits)
    {
        foreach (var (method, list) in hits)
        {
            output.WriteLine($"{what}, {method}: {Share(list):0.00} of {list.Count}");
        }
    }
}
