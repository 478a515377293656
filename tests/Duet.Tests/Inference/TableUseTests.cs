// Predicting and evaluating tables.
using System.Globalization;
using System.Text.Json;
using Duet.Data;
using Duet.Inference;
using Duet.Models;
using Duet.Vision;

namespace Duet.Tests.Inference;

public sealed class TableUseTests : IDisposable
{
    private static readonly ModelUseOptions One = new()
    {
        Threads = 1,
        BatchSize = 4,
        LoaderThreads = 1,
    };
    private readonly SampleRun _run = new();
    private readonly DuetModel _model;

    public TableUseTests()
    {
        _run.WriteTable();
        _model = DuetModel.Load(_run.Run.Path, One);
    }

    public void Dispose()
    {
        _model.Dispose();
        _run.Dispose();
    }

    [Fact]
    public void Predictions_follow_the_table_row_by_row()
    {
        var reports = new List<UseProgress>();
        var summary = new Predictor(_model).Predict(
            new TableSource(_run.Table),
            _run["out/predictions.csv"],
            new Told<UseProgress>(reports)
        );
        (summary.Rows, summary.Quarantine.Count).ShouldBe((10, 0));
        summary.Files.ShouldBe([_run["out/predictions.csv"]]);
        reports.Select(report => report.Rows).ShouldBe([4, 8, 10]);
        var lines = File.ReadAllLines(_run["out/predictions.csv"]);
        lines[0]
            .ShouldBe(
                "sku,category,category_probability,category_image_share,color,color_probability,color_image_share,tags,tags_probability,tags_image_share"
            );
        lines.Length.ShouldBe(11);
        for (var i = 0; i < 10; i++)
        {
            var cells = lines[i + 1].Split(',');
            string[] categories = ["bag", "shirt", "shoe"];
            var expected = _model.Classify(_run[$"{i % 3}.jpg"], $"a {categories[i % 3]} number {i}");
            cells[0].ShouldBe($"p{i}");
            cells[1].ShouldBe(expected["category"].Label);
            double.Parse(cells[2], CultureInfo.InvariantCulture).ShouldBe(expected["category"].Probability, 1e-5);
            double.Parse(cells[3], CultureInfo.InvariantCulture).ShouldBe(expected["category"].ImageShare!.Value, 1e-5);
            cells[7].ShouldBe(string.Join('|', expected["tags"].Given.Select(given => given.Label)));
            cells[8].Split('|', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(expected["tags"].Given.Count);
        }
    }

    [Fact]
    public void Bad_rows_are_set_aside_and_the_job_goes_on()
    {
        _run.Write("cut.jpg", File.ReadAllBytes(_run["0.jpg"])[..200]);
        _run.Write("empty.jpg", []);
        _run.Write(
            "bad.csv",
            "sku,image,text\n1,0.jpg,\"a \"\"red\"\", shoe\"\n2,cut.jpg,a "
                + "shoe\n3,empty.jpg,\n4,../0.jpg,\n5,,\n6,0.jpg\n\"7,x\",,\"two\nlines\"\n"
        );
        var summary = new Predictor(_model).Predict(new TableSource(_run["bad.csv"]) { MaxLost = 1 }, _run["p.csv"]);
        summary.Rows.ShouldBe(3);
        summary.Quarantine.RefusedRows.ShouldBe(4);
        File.ReadAllLines(_run["p.csv"]).Skip(1).Select(line => line[..2]).ShouldBe(["1,", "2,", "\"7"]);
        var quarantine = File.ReadAllText(_run["p.csv.quarantine.csv"]);
        foreach (var reason in new[] { "image_broken", "image_path_refused", "nothing_to_classify", "field_count" })
        {
            quarantine.ShouldContain(reason);
        }

        // A later job without bad rows leaves no stale list behind.
        new Predictor(_model)
            .Predict(new TableSource(_run.Table), _run["p.csv"])
            .Files.Count.ShouldBe(1);
        File.Exists(_run["p.csv.quarantine.csv"]).ShouldBeFalse();
    }

    [Fact]
    public void Tables_without_ids_pictures_or_labels_can_be_predicted()
    {
        _run.Write("t.jsonl", "{\"title\": \"a shoe\"}\n{\"title\": \"a bag\"}\n");
        Should
            .Throw<TableException>(() => new Predictor(_model).Predict(new TableSource(_run["t.jsonl"]), _run["p.csv"]))
            .Message.ShouldContain("sku");
        _run.Write("t.csv", "id,title\n9,a shoe\n8,a bag\n");
        new Predictor(_model)
            .Predict(
                new TableSource(_run["t.csv"])
                {
                    IdColumn = "id",
                    TextColumns = ["title"],
                    ImageColumns = [],
                },
                _run["p.csv"]
            )
            .Rows.ShouldBe(2);
        File.ReadAllLines(_run["p.csv"])[1].ShouldStartWith("9,");
    }

    [Fact]
    public void Delimiter_folders_and_groups_are_those_of_training_where_they_are_needed()
    {
        Directory.CreateDirectory(_run["elsewhere"]);
        File.Copy(_run["0.jpg"], _run["elsewhere/0.jpg"]);
        Directory.CreateDirectory(_run["shop"]);
        File.CreateSymbolicLink(_run["shop/pictures"], _run["elsewhere"]);
        var table = _run.Write("shop/own.csv", "sku;image;text;category;color;tags;seller\n1;pictures/0.jpg;a bag;bag;red;new;x\n");
        using var trained = new SampleRun(data: data =>
            data with
            {
                Path = table,
                Delimiter = ';',
                ImageFolders = [_run["elsewhere"]],
                GroupColumn = "seller",
            }
        );
        using var own = DuetModel.Load(trained.Run.Path, One);

        var summary = new Predictor(own).Predict(new TableSource(table), _run["p.csv"]);
        (summary.Rows, summary.Quarantine.Count).ShouldBe((1, 0));
        new Evaluator(own).Evaluate(new TableSource(table), "train").Report.Quarantined.ShouldBe(0);

        // Another table has the delimiter, but neither the sellers nor the right to show what lies elsewhere.
        var other = _run.Write("shop/other.csv", "sku;image;text\n1;pictures/0.jpg;a bag\n");
        summary = new Predictor(own).Predict(new TableSource(other) { MaxLost = 1 }, _run["p.csv"]);
        summary.Rows.ShouldBe(1);
        summary.Quarantine.Entries.ShouldHaveSingleItem().Reason.ShouldBe(QuarantineReason.ImagePathRefused);
    }

    [Fact]
    public void Nothing_is_written_where_a_job_cannot_run_or_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        var stopping = new Told<UseProgress>([], _ => stop.Cancel());
        Should.Throw<OperationCanceledException>(() =>
            new Predictor(_model).Predict(new TableSource(_run.WriteTable(100, "long.csv")), _run["p.csv"], stopping, stop.Token)
        );
        _run.Write("empty.csv", "sku,image,text\n");
        Should
            .Throw<TableException>(() => new Predictor(_model).Predict(new TableSource(_run["empty.csv"]), _run["p.csv"]))
            .Message.ShouldContain("no rows");
        Should
            .Throw<TableException>(() => new Predictor(_model).Predict(new TableSource(_run["gone.csv"]), _run["p.csv"]))
            .Message.ShouldContain("gone.csv");
        Directory.GetFiles(_run[""]).ShouldNotContain(file => file.Contains("p.csv", StringComparison.Ordinal));
        Should
            .Throw<TableException>(() => new Predictor(_model).Predict(new TableSource(_run.Table), _run.Table))
            .Message.ShouldContain("itself");
        Should
            .Throw<IOException>(() => new Predictor(_model).Predict(new TableSource(_run.Table), _run.Run.Path))
            .Message.ShouldContain("folder");
    }

    [Fact]
    public void Evaluation_counts_as_by_hand()
    {
        var result = new Evaluator(_model).Evaluate(new TableSource(_run.Table));
        var report = result.Report;
        (report.N, report.Quarantined, report.Split).ShouldBe((10, 0, null));
        string[] categories = ["bag", "shirt", "shoe"];
        var right = Enumerable
            .Range(0, 10)
            .Count(i => _model.Classify(_run[$"{i % 3}.jpg"], $"a {categories[i % 3]} number {i}")["category"].Label == categories[i % 3]);
        report.Tasks["category"].Accuracy!.Value.ShouldBe(right / 10.0, 1e-9);
        report.Tasks["tags"].N.ShouldBe(5);
        result.Ids.ShouldBe(Enumerable.Range(0, 10).Select(i => $"p{i}"));
        result.Predictions[1].Rows.ShouldBe(10);
        using var json = JsonDocument.Parse(report.ToJson());
        var task = json.RootElement.GetProperty("tasks").GetProperty("category");
        task.GetProperty("recall_at_precision").GetProperty("0.90").GetDouble().ShouldBeInRange(0, 1);
        task.TryGetProperty("top5", out _).ShouldBeTrue();
        task.TryGetProperty("macro_f1", out _).ShouldBeTrue();
        json.RootElement.GetProperty("n").GetInt32().ShouldBe(10);
        json.RootElement.GetProperty("quarantined").GetInt32().ShouldBe(0);
    }

    [Fact]
    public void Unseen_labels_long_texts_and_broken_pictures_are_counted_not_lost()
    {
        _run.Write("empty.jpg", []);
        var words = string.Join(' ', Enumerable.Repeat("shoe", 50));
        _run.Write(
            "odd.csv",
            $"sku,image,text,category,color,tags\n1,0.jpg,{words},boot,red,new|odd\n2,empty.jpg,a bag,bag,,\n3,empty.jpg,,bag,red,new\n"
        );
        var result = new Evaluator(_model).Evaluate(new TableSource(_run["odd.csv"]) { MaxLost = 1 });
        (result.Report.N, result.Report.Quarantined, result.Report.TruncatedTexts).ShouldBe((2, 3, 1));
        (result.Report.Tasks["category"].N, result.Report.Tasks["category"].UnseenLabels).ShouldBe((1, 1));
        result.Report.Tasks["tags"].UnseenLabels.ShouldBe(1);
        result.UnseenLabels.Values("category").Keys.ShouldBe(["boot"]);
        _run.Write("none.csv", "sku,image,text,category,color,tags\n1,empty.jpg,,bag,red,new\n");
        Should
            .Throw<TableException>(() => new Evaluator(_model).Evaluate(new TableSource(_run["none.csv"]) { MaxLost = 1 }))
            .Message.ShouldContain("image_broken");
        _run.Write("labels.csv", "sku,image,text,category,color\n1,,a,bag,red\n");
        Should.Throw<TableException>(() => new Evaluator(_model).Evaluate(new TableSource(_run["labels.csv"]))).Column.ShouldBe("tags");
    }

    [Fact]
    public void Where_no_label_can_be_used_evaluation_fails_and_a_task_without_any_has_no_figures()
    {
        _run.Write("none-seen.csv", "sku,image,text,category,color,tags\n1,,a,Bag,,\n2,,b,Bag,,\n");
        var failed = Should.Throw<TableException>(() => new Evaluator(_model).Evaluate(new TableSource(_run["none-seen.csv"])));
        failed.Message.ShouldContain("nothing to measure");
        failed.Message.ShouldContain("'Bag' 2 x (the run knows 'bag')");
        failed.Message.ShouldContain("'color' of the task color is empty in all 2 rows");

        _run.Write("one-seen.csv", "sku,image,text,category,color,tags\n1,,a,Bag,red,odd\n2,,b,Bag,blue,\n");
        var report = new Evaluator(_model).Evaluate(new TableSource(_run["one-seen.csv"])).Report;
        var task = report.Tasks["category"];
        (task.N, task.Accuracy, task.MacroF1, task.UnseenLabels).ShouldBe((0, null, null, 2));
        task.RecallAtPrecision.ShouldBeEmpty();
        task.PerClass.ShouldBeEmpty();
        task.Unseen.ShouldBe([new UnseenLabel("Bag", 2, "bag")]);
        report.Tasks["color"].N.ShouldBe(2);
        report.ToJson().ShouldContain("\"nearest\": \"bag\"");
        Duet.Metrics.EvaluationReport.FromJson(report.ToJson()).Tasks["category"].Unseen.ShouldBe(task.Unseen);
    }

    [Fact]
    public void Splits_go_by_the_column()
    {
        using var split = new SampleRun(data: data => data with { SplitColumn = "part" });
        split.Write(
            "t.csv",
            "sku,image,text,category,color,tags,part\n1,,a,bag,red,new,train\n2,,b,bag,red,new,validation\n3,,c,bag,red,new,test\n4,,d,bag,red,new,test\n5,,e,bag,red,new,holdout\n"
        );
        using var splitting = DuetModel.Load(split.Run.Path, One);
        var evaluator = new Evaluator(splitting);
        string[] Ids(string? name) => [.. evaluator.Evaluate(new TableSource(split["t.csv"]), name).Ids];
        Ids(null).ShouldBe(["1", "2", "3", "4", "5"]);
        Ids("test").ShouldBe(["3", "4"]);
        Ids("val").ShouldBe(["2"]);
        Ids("holdout").ShouldBe(["5"]);
        Should.Throw<TableException>(() => Ids("tset")).Message.ShouldContain("holdout, test, train, validation");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Splits_are_those_of_training(bool byColumn)
    {
        using var split = new SampleRun(data: data => data with { SplitColumn = byColumn ? "part" : null });
        var rows = Enumerable.Range(0, 40).Select(i => $"{i},,a product {i / 2},bag,red,new,{(i < 30 ? "train" : "test")}");
        split.Write("t.csv", "sku,image,text,category,color,tags,part\n" + string.Join('\n', rows) + "\n");
        using var splitting = DuetModel.Load(split.Run.Path, One);
        var configuration = splitting.Configuration;
        var products = ProductTable.Open(configuration.Data.ToTable(split["t.csv"])).Read(new Quarantine()).ToList();
        var expected = Splitter.Split(products, configuration.Data.ToSplit(configuration.Training.Seed), new Quarantine());
        var evaluator = new Evaluator(splitting);
        foreach (var (name, part) in new[] { ("train", expected.Train), ("val", expected.Validation), ("test", expected.Test) })
        {
            evaluator.Evaluate(new TableSource(split["t.csv"]), name).Ids.ShouldBe(part.Select(product => product.Id), name);
        }

        // Test rows alone, as they come from elsewhere, are a test split as well.
        if (byColumn)
        {
            split.Write("test.csv", "sku,image,text,category,color,tags,part\n1,,a,bag,red,new,test\n");
            evaluator.Evaluate(new TableSource(split["test.csv"]), "test").Report.N.ShouldBe(1);
        }
        else
        {
            Should
                .Throw<TableException>(() => evaluator.Evaluate(new TableSource(split["t.csv"]), "holdout"))
                .Message.ShouldContain("fractions");
        }
    }

    [Fact]
    public void Rows_that_an_ablation_cannot_see_are_set_aside()
    {
        using var ablation = new SampleRun(options => options with { Modalities = InputModalities.Image });
        ablation.WriteTable();
        ablation.Write("t.csv", "sku,image,text,category,color,tags\n1,0.jpg,a,bag,red,new\n2,,b,bag,red,new\n3,0.jpg,,bag,red,\n");
        using var images = DuetModel.Load(ablation.Run.Path, One);
        var result = new Evaluator(images).Evaluate(new TableSource(ablation["t.csv"]));
        result.Ids.ShouldBe(["1", "3"]);
        result.Quarantine.Entries.Select(entry => entry.Row).ShouldBe([2L, 3L]);
        result.Quarantine.Entries[0].Detail.ShouldContain("only pictures");
        result.Quarantine.Entries[1].Reason.ShouldBe(QuarantineReason.EmptyText);
    }
}
