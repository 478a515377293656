// What is gathered for a report.
using Duet.Data;
using Duet.Explanation;
using Duet.Inference;
using Duet.Models;
using Duet.Reports;
using Duet.Runs;
using Duet.Tests.Explanation;

namespace Duet.Tests.Reports;

public sealed class ReportGathererTests : IDisposable
{
    private readonly SampleReport _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Rows_labels_and_what_was_set_aside_are_counted()
    {
        var data = _sample.Gather().Data!;
        data.IsTrainingTable.ShouldBeTrue();
        data.Splits.Select(split => split.Name).ShouldBe(["train", "val", "test"]);
        data.Splits.Sum(split => split.Rows).ShouldBe(24);
        data.Splits.Sum(split => split.WithText).ShouldBe(20);
        data.Tasks[0].Missing.Sum().ShouldBe(4);
        data.Tasks[0].Classes.Sum(one => one.Value).ShouldBe(20);
        data.Tasks[1].Classes.Sum(one => one.Value).ShouldBe(12, "labels that the model does not know are none of its classes");
        data.Tasks[2].Missing.Sum().ShouldBe(6);
        data.Quarantined.ShouldHaveSingleItem().ShouldBe(new KeyValuePair<string, long>("image_missing", 2));
    }

    [Fact]
    public void The_test_split_of_the_own_table_is_measured_and_all_of_another()
    {
        _sample.Gather().Measured!.Report.Split.ShouldBe("test");
        var other = _sample["other.csv"];
        File.Copy(_sample.Table, other);
        var measured = _sample.Gather(options => options with { Data = new TableSource(other) }).Measured!;
        measured.Report.Split.ShouldBeNull();
        measured.Report.N.ShouldBe(24);
        measured.Report.Tasks["category"].AccuracyInterval.ShouldNotBeNull();
    }

    [Fact]
    public void Shown_products_are_right_wrong_and_what_they_say_they_are()
    {
        var measured = _sample.Gather(options => options with { Split = "train", Data = new TableSource(_sample.Table) }).Measured!;
        measured.Wrong.ShouldNotBeEmpty();
        measured.Wrong.ShouldAllBe(product => product.Answers.Any(answer => answer.Right == false));
        measured.Right.ShouldAllBe(product => product.Answers.All(answer => answer.Right != false));
        measured.Uncertain.Count.ShouldBe(6);
        var all = measured.Wrong.Concat(measured.Uncertain).Concat(measured.Right).ToList();
        all.ShouldAllBe(product => product.Answers.All(answer => answer.ImageShare >= 0 && answer.ImageShare <= 1));
        all.Where(product => product.Picture is not null)
            .ShouldAllBe(product => Math.Max(product.Picture!.Width, product.Picture.Height) == 160);
        all.Where(product => product.Row is 2 or 3).ShouldAllBe(product => product.Picture == null);
        foreach (var product in all)
        {
            var why = product.Explanation.ShouldNotBeNull();
            ShouldExplainTheAnswer(product);
            why.Attributions.Select(scores => scores.Method).ShouldBe([ExplanationMethod.Occlusion, ExplanationMethod.Rollout]);
            foreach (var scores in why.Attributions)
            {
                scores.Words.ShouldAllBe(word => Math.Abs(word.Value) <= 1);
                scores.Words.Any().ShouldBe(product.Text.Length > 0);
                (product.Picture is null && scores.Overlay is not null).ShouldBeFalse("a picture that cannot be shown explains nothing");
            }

            // Weights are random, so words need not matter to the answer; attention goes everywhere.
            var attention = why.Attributions[1];
            attention.Words.ShouldAllBe(word => word.Value >= 0);
            (attention.Overlay is null).ShouldBe(product.Picture is null);
            why.Attributions.Select(scores => scores.Words.Count).Distinct().Count().ShouldBe(1);
        }

        foreach (var pair in measured.Confusions["category"])
        {
            pair.Actual.ShouldNotBe(pair.Predicted);
            pair.Examples.ShouldAllBe(product => product.Answers[0].Truth == pair.Actual && product.Answers[0].Answer == pair.Predicted);
        }
    }

    [Fact]
    public void Attention_alone_is_shown_where_time_is_short_and_nothing_where_it_is_not_wanted()
    {
        var quick = _sample.Gather(options => options with { Occlusion = false }).Measured!;
        var shown = quick.Wrong.Concat(quick.Uncertain).Concat(quick.Right).Select(product => product.Explanation).ToList();
        shown.ShouldNotBeEmpty();
        shown.ShouldAllBe(why => why!.Attributions.Single().Method == ExplanationMethod.Rollout);
        shown.ShouldContain(why => why!.Attributions[0].Overlay != null && why.Attributions[0].Words.Any());
        _sample.Gather(options => options with { Explain = false }).Measured!.Uncertain.ShouldAllBe(product => product.Explanation == null);
    }

    [Fact]
    public void A_system_without_attention_is_explained_by_occlusion_alone()
    {
        using var run = new SystemRun("resnet");
        var table = Path.Combine(Path.GetDirectoryName(run.Picture)!, "table.csv");
        File.WriteAllText(table, "image,text,category,tags\npicture.png,a red shoe,shoe,new\npicture.png,a blue shirt,bag,sale\n");
        MeasuredModel Show(bool occlusion) =>
            ReportGatherer.Gather(run.Run, SampleReport.Options with { Data = new TableSource(table), Occlusion = occlusion }).Measured!;
        Show(occlusion: true)
            .Uncertain.ShouldAllBe(product => product.Explanation!.Attributions.Single().Method == ExplanationMethod.Occlusion);
        Show(occlusion: false).Uncertain.ShouldAllBe(product => product.Explanation == null);
    }

    [Fact]
    public void Pictures_keep_to_their_budget()
    {
        var data = _sample.Gather(options => options with { PictureBytes = 4000 });
        var pictures = data.Measured!.Wrong.Concat(data.Measured.Uncertain)
            .Concat(data.Measured.Right)
            .Concat(data.Measured.Confusions.Values.SelectMany(pairs => pairs).SelectMany(pair => pair.Examples))
            .Select(product => product.Picture)
            .OfType<Thumbnail>()
            .Distinct()
            .ToList();
        pictures.Sum(picture => picture.Jpeg.Length).ShouldBeLessThanOrEqualTo(4000);
        data.Notes.ShouldContain(note => note.Contains("left out", StringComparison.Ordinal));
        foreach (var product in data.Measured.Wrong.Concat(data.Measured.Uncertain))
        {
            ShouldExplainTheAnswer(product); // a picture that is not shown was seen all the same
        }
    }

    [Fact]
    public void A_run_against_itself_differs_in_nothing()
    {
        var contrast = _sample.Gather(options => options with { Against = _sample.Folder }).Contrast!;
        contrast.Paired.Tasks.ShouldNotBeEmpty();
        foreach (var task in contrast.Paired.Tasks.Values)
        {
            task.Accuracy.ShouldBe(task.BaselineAccuracy);
            task.AccuracyDifference!.Difference.Low.ShouldBe(0);
            task.AccuracyDifference.Difference.High.ShouldBe(0);
            task.McNemar.PValue.ShouldBe(1);
        }
    }

    [Fact]
    public void Another_run_is_compared_with_the_threshold_of_the_page()
    {
        var data = _sample.Gather(options =>
            options with
            {
                Against = _sample.Folder,
                Explain = false,
                Split = "train",
                Data = new TableSource(_sample.Table),
                Use = options.Use with { Threshold = 0.9f },
            }
        );
        var tags = data.Measured!.Report.Tasks["tags"];
        data.Contrast!.Paired.Tasks["tags"].Accuracy.ShouldBe(tags.Accuracy!.Value);
        tags.MacroRecall.ShouldBe(0, "random weights are nowhere so sure");
        _sample
            .Gather(options =>
                options with
                {
                    Explain = false,
                    Split = "train",
                    Data = new TableSource(_sample.Table),
                    Use = options.Use with { Threshold = 0.01f },
                }
            )
            .Measured!.Report.Tasks["tags"]
            .MacroRecall!.Value.ShouldBeGreaterThan(0, "else the threshold would not matter here");
    }

    [Fact]
    public void A_folder_is_the_runs_own_with_or_without_a_separator()
    {
        Duet.Data.DataIdentity.IsSamePath(_sample.Folder + Path.DirectorySeparatorChar, _sample.Folder).ShouldBeTrue();
        Duet.Data.DataIdentity.IsSamePath(_sample.Folder, _sample.Table).ShouldBeFalse();
        Duet.Data.DataIdentity.IsSamePath(_sample.Folder, string.Empty).ShouldBeFalse();
    }

    [Fact]
    public void What_was_named_and_is_not_there_is_an_error()
    {
        Should.Throw<TableException>(() => _sample.Gather(options => options with { Data = new TableSource(_sample["gone.csv"]) }));
        Should.Throw<TableException>(() => _sample.Gather(options => options with { Split = "holdout" })).Message.ShouldContain("holdout");
        Should.Throw<RunException>(() => _sample.Gather(options => options with { Against = _sample["gone"] }));
        Should
            .Throw<RunException>(() => _sample.Gather(options => options with { Comparison = _sample["gone.json"] }))
            .Message.ShouldContain("gone.json");
        File.WriteAllText(_sample["bad.json"], "{\"split\": 3}");
        Should
            .Throw<RunException>(() => _sample.Gather(options => options with { Comparison = _sample["bad.json"] }))
            .Message.ShouldContain("bad.json");
        Should.Throw<OptionException>(() => _sample.Gather(options => options with { Examples = 101 })).Message.ShouldContain("examples");
        File.WriteAllText(Path.Combine(_sample.Folder, "quarantine.csv"), "a,b\n1,2\n");
        Should.Throw<TableException>(() => _sample.Gather()).Message.ShouldContain("quarantine.csv");
    }

    // Of several labels the most probable is explained; where none was given there is nothing to compare.
    private static void ShouldExplainTheAnswer(ShownProduct product)
    {
        var given = product.Answers.Single(answer => answer.Task == product.Explanation!.Task).Answer;
        (given.Length == 0 || given.Split(", ").Contains(product.Explanation!.Answer, StringComparer.Ordinal)).ShouldBeTrue(
            $"{given} was answered, {product.Explanation!.Answer} explained"
        );
    }
}
