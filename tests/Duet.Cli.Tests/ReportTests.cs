// duet report, and the report that train writes.
namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class ReportTests(TrainedRun trained)
{
    [Fact]
    public void Training_writes_a_report_and_says_how_to_train_again()
    {
        var page = ReportText.Read(Path.Combine(trained.Folder, "run", "report.html"));
        page.ShouldStartWith("<!DOCTYPE html>");
        page.ShouldContain("test split");
        page.ShouldContain("bright where the attention lies for ");
        page.ShouldNotContain(", bright where it supports ");
        page.ShouldContain(
            "catalogue/products.csv --text title --image image --task category --task color --split-column split --model cma-clip "
                + "--preset tiny --set training.epochs=3 --set training.batch_size=16"
        );
    }

    [Fact]
    public void What_is_damaged_beside_a_finished_training_is_told_and_stops_nothing()
    {
        trained.Train("beside").ShouldEndWith(0);
        var robustness = Path.Combine(trained.Folder, "beside", "robustness.json");
        File.WriteAllText(robustness, "{");
        trained.Run("report", "beside", "--no-explanations").ShouldEndWith(0).Error.ShouldContain("robustness.json is damaged");
        trained.Run("train", "--output", "beside", "--resume").ShouldEndWith(0).Error.ShouldContain("robustness.json is damaged");
        File.WriteAllText(Path.Combine(trained.Folder, "beside", "calibration.json"), "{");
        trained.Run("train", "--output", "beside", "--resume").ShouldEndWith(0).Error.ShouldContain("The report could not be written");
        trained.Run("report", "beside").ShouldEndWith(1).Error.ShouldContain("calibration.json");
    }

    [Fact]
    public void Report_compares_two_runs_on_a_table_and_says_where_the_page_is()
    {
        var output = trained
            .Run(
                "report",
                "run",
                "--data",
                TrainedRun.Table,
                "--split",
                "train",
                "--against",
                "run",
                "--examples",
                "2",
                "--output",
                "out/page.html"
            )
            .ShouldEndWith(0)
            .Output;
        output.ShouldContain("out/page.html");
        var page = ReportText.Read(Path.Combine(trained.Folder, "out", "page.html"));
        page.ShouldContain("train split");
        page.ShouldContain("McNemar");
    }

    [Fact]
    public void Report_refuses_what_is_not_there_and_never_writes_over_the_table()
    {
        trained.Run("report", "nowhere").ShouldEndWith(1).Error.ShouldContain("not a run folder");
        trained.Run("report", "run", "--data", "gone.csv").ShouldEndWith(2).Error.ShouldContain("gone.csv");
        trained.Run("report", "run", "--split", "holdout").ShouldEndWith(2).Error.ShouldContain("holdout");
        trained.Run("report", "run", "--ablation", "gone.json").ShouldEndWith(1).Error.ShouldContain("gone.json");
        trained.Run("report", "run", "--output", "catalogue").ShouldEndWith(2).Error.ShouldContain("folder");
        var before = File.ReadAllText(Path.Combine(trained.Folder, TrainedRun.Table));
        trained.Run("report", "run", "--data", TrainedRun.Table, "--output", TrainedRun.Table).ShouldEndWith(2);
        File.ReadAllText(Path.Combine(trained.Folder, TrainedRun.Table)).ShouldBe(before);
    }
}
