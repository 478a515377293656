// Jobs over tables of which much is lost: they stop, early where they can, and say why.
using Duet.Data;
using Duet.Inference;
using Duet.Studies.Robustness;

namespace Duet.Tests.Inference;

public sealed class TableLossTests : IDisposable
{
    private static readonly ModelUseOptions One = new()
    {
        Threads = 1,
        BatchSize = 64,
        LoaderThreads = 1,
    };
    private readonly SampleRun _run = new();
    private readonly DuetModel _model;

    public TableLossTests()
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
    public void A_job_that_loses_too_much_writes_no_output_and_lists_what_it_lost()
    {
        var source = new TableSource(Table(40, i => i < 4 ? "gone.jpg" : "0.jpg"));
        _run.Write("p.csv", "an earlier one");
        _run.Write("e.npy", "an earlier one");
        foreach (
            var (output, job) in new (string, Action)[]
            {
                ("p.csv", () => new Predictor(_model).Predict(source, _run["p.csv"])),
                ("e.npy", () => new Embedder(_model).Embed(source, _run["e.npy"])),
            }
        )
        {
            var stop = Should.Throw<TooMuchLostException>(job);
            stop.Losses!.Pictures.ShouldBe(new LossCount(40, 4));
            stop.Message.ShouldContain("pictures missing 10 % (4 of 40)");
            stop.Message.ShouldContain($"4 x image_missing, for instance row 1: {_run["gone.jpg"]}");
            stop.Message.ShouldContain(_run[output] + ".quarantine.csv");
            File.ReadAllText(_run[output]).ShouldBe("an earlier one");
            File.ReadAllLines(_run[output] + ".quarantine.csv").Length.ShouldBe(5);
        }

        Should.Throw<TooMuchLostException>(() => new Evaluator(_model).Evaluate(source)).Losses.ShouldNotBeNull();
        Should.Throw<TooMuchLostException>(() => new RobustnessSweep(_model).Run(source)).Losses.ShouldNotBeNull();
        using var uncalibrated = DuetModel.Load(_run.Run.Path, One with { Calibrated = false });
        Should.Throw<TooMuchLostException>(() => new RunCalibrator(uncalibrated).Calibrate(source)).Losses.ShouldNotBeNull();
        File.Exists(_run.Run.CalibrationFile).ShouldBeFalse();
    }

    [Fact]
    public void What_training_lost_may_be_lost_again_and_what_was_lost_is_told()
    {
        var source = new TableSource(Table(40, i => i < 4 ? "gone.jpg" : "0.jpg"));
        new Losses(new LossCount(100, 0), new LossCount(100, 6)).Save(_run.Run.LossesFile);
        var summary = new Predictor(_model).Predict(source, _run["p.csv"]);
        summary.Rows.ShouldBe(40);
        summary
            .Limit.Sentence(summary.Quarantine.Losses)
            .ShouldBe(
                $"Lost: pictures missing 10 % (4 of 40; in training 6 %); at most 5 % more than in training may be lost (--max-lost). "
                    + $"See {_run["p.csv"]}.quarantine.csv."
            );
        Should.Throw<TooMuchLostException>(() => new Predictor(_model).Predict(source with { MaxLost = 0.03 }, _run["p.csv"]));
        var clean = new Predictor(_model).Predict(new TableSource(_run.Table), _run["p.csv"]);
        clean.Limit.Sentence(clean.Quarantine.Losses).ShouldBeNull();
    }

    [Fact]
    public void A_first_look_ends_a_job_long_before_its_end()
    {
        // Enough rows that reading ahead does not come to the end.
        var rows = new List<UseProgress>();
        var source = new TableSource(Table(6000, _ => "gone.jpg"));
        var stop = Should.Throw<TooMuchLostException>(() =>
            new Predictor(_model).Predict(source, _run["p.csv"], new Told<UseProgress>(rows))
        );
        stop.Losses!.Pictures.ShouldBe(new LossCount(1024, 1024));
        rows[^1].Rows.ShouldBe(960);

        _run.Write(
            "torn.csv",
            "sku,image,text\n" + string.Concat(Enumerable.Range(0, 6000).Select(i => i % 5 == 0 ? $"{i},0.jpg\n" : $"{i},0.jpg,a bag\n"))
        );
        stop = Should.Throw<TooMuchLostException>(() => new Predictor(_model).Predict(new TableSource(_run["torn.csv"]), _run["p.csv"]));
        stop.Losses!.Rows.ShouldBe(new LossCount(1000, 200));
        stop.Message.ShouldContain("rows lost 20 %");

        // What goes wrong later is found at the end.
        stop = Should.Throw<TooMuchLostException>(() =>
            new Predictor(_model).Predict(new TableSource(Table(1500, i => i < 1100 ? "0.jpg" : "gone.jpg")), _run["p.csv"])
        );
        stop.Losses!.Pictures.ShouldBe(new LossCount(1500, 400));
        File.Exists(_run["p.csv"]).ShouldBeFalse();
    }

    [Fact]
    public void Only_the_pictures_of_the_split_that_is_used_count()
    {
        using var split = new SampleRun(data: data => data with { SplitColumn = "part" });
        split.WriteTable();
        split.Write(
            "t.csv",
            "sku,image,text,category,color,tags,part\n"
                + string.Concat(
                    Enumerable
                        .Range(0, 40)
                        .Select(i => $"{i},{(i < 20 ? "gone.jpg" : "0.jpg")},a bag,bag,red,new,{(i < 20 ? "train" : "test")}\n")
                )
        );
        using var splitting = DuetModel.Load(split.Run.Path, One);
        new Evaluator(splitting)
            .Evaluate(new TableSource(split["t.csv"]), "test")
            .Quarantine.Losses.Pictures.ShouldBe(new LossCount(20, 0));
        Should
            .Throw<TooMuchLostException>(() => new Evaluator(splitting).Evaluate(new TableSource(split["t.csv"]), "train"))
            .Losses!.Pictures.Lost.ShouldBe(20);
    }

    [Fact]
    public void A_placeholder_counts_as_an_empty_cell()
    {
        var hash = Convert.ToHexString(new Duet.Vision.ImageDecoder().HashContent(_run["0.jpg"]));
        File.Copy(_run["0.jpg"], _run["copy.jpg"]);
        var source = new TableSource(
            Table(
                40,
                i =>
                    (i % 4) switch
                    {
                        0 => "0.jpg",
                        1 => "copy.jpg",
                        _ => "1.jpg",
                    }
            )
        )
        {
            Placeholders = [hash],
        };
        var summary = new Predictor(_model).Predict(source, _run["p.csv"]);
        summary.Rows.ShouldBe(40);
        summary.Quarantine.Losses.ShouldBe(new Losses(new LossCount(40, 0), new LossCount(20, 0)));
        summary.Quarantine.Counts[QuarantineReason.ImagePlaceholder].ShouldBe(20);
        File.ReadAllLines(_run["p.csv"])[1].Split(',')[3].ShouldBe("0", "only the text was looked at");

        // As the run says it, for every table.
        using var told = new SampleRun(data: data => data with { Placeholders = [hash.ToLowerInvariant()] });
        told.WriteTable();
        using var other = DuetModel.Load(told.Run.Path, One);
        new Predictor(other)
            .Predict(new TableSource(told.Table), told["p.csv"])
            .Quarantine.Counts[QuarantineReason.ImagePlaceholder]
            .ShouldBe(4);
    }

    private string Table(int rows, Func<int, string> picture) =>
        _run.Write(
            $"rows-{rows}.csv",
            "sku,image,text,category,color,tags\n"
                + string.Concat(Enumerable.Range(0, rows).Select(i => $"{i},{picture(i)},a bag {i},bag,red,new\n"))
        );
}
