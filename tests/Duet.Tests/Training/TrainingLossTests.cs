// Training on tables of which much is lost.
using Duet.Data;
using Duet.Models;
using Duet.Runs;
using Duet.Tests.Data;
using Duet.Training;

namespace Duet.Tests.Training;

[Collection(TrainingCollection.Name)]
public sealed class TrainingLossTests(TrainingCatalogue catalogue) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_that_loses_too_much_stops_before_anything_is_written_but_the_list()
    {
        var configuration = Configuration(rows: 40, lost: 4);
        var recorder = new Recorder();
        var stop = Should.Throw<TooMuchLostException>(() => TrainingJob.Start(configuration, _folder["run"]).Run(recorder));
        stop.Losses!.Pictures.ShouldBe(new LossCount(40, 4));
        stop.Message.ShouldContain("pictures missing 10 % (4 of 40)");
        stop.Message.ShouldContain(_folder["run.quarantine.csv"]);
        recorder.Steps.ShouldBeEmpty();
        Directory.Exists(_folder["run"]).ShouldBeFalse();
        File.ReadAllLines(_folder["run.quarantine.csv"]).Length.ShouldBe(5);

        // The same command with the loss accepted begins the run, which remembers it.
        var result = TrainingJob
            .Start(configuration with { Data = configuration.Data with { MaxLost = 0.1 } }, _folder["run"])
            .Run(new Recorder());
        result.Finished.ShouldBeTrue();
        result.Limit.Sentence(result.Losses)!.ShouldStartWith("Lost: pictures missing 10 % (4 of 40); at most 10 % may be lost");
        var run = new RunFolder(_folder["run"]);
        Losses.Load(run.LossesFile).ShouldBe(new Losses(new LossCount(40, 0), new LossCount(40, 4)));
        run.LoadConfiguration().Data.MaxLost.ShouldBe(0.1);
        using var model = DuetModel.Load(run.Path);
        new Duet.Inference.Evaluator(model)
            .Evaluate(new Duet.Inference.TableSource(configuration.Data.Path))
            .Quarantine.Losses.Pictures.Lost.ShouldBe(4);
    }

    [Fact]
    public void Rows_that_cannot_be_read_stop_it_before_a_picture_is_looked_at()
    {
        var configuration = Configuration(rows: 40, lost: 0);
        File.AppendAllText(configuration.Data.Path, "1,2\n1,2\n1,2\n");
        var stop = Should.Throw<TooMuchLostException>(() => TrainingJob.Start(configuration, _folder["run"]).Run(new Recorder()));
        stop.Message.ShouldContain("rows lost 7 % (3 of 43)");
        stop.Message.ShouldNotContain("pictures");
    }

    [Fact]
    public void A_row_without_text_whose_picture_is_refused_is_one_of_many()
    {
        var configuration = Configuration(rows: 40, lost: 0);
        File.AppendAllText(configuration.Data.Path, ",../a.jpg,red,train\n");
        var result = TrainingJob.Start(configuration, _folder["run"]).Run(new Recorder());
        result.Losses.ShouldBe(new Losses(new LossCount(41, 1), new LossCount(41, 1)));
    }

    [Fact]
    public void A_resumed_run_may_lose_what_it_lost_when_it_began()
    {
        var configuration = Configuration(rows: 40, lost: 1);
        using (var stopping = new CancellationTokenSource())
        {
            TrainingJob
                .Start(configuration, _folder["run"])
                .Run(new Recorder(_ => stopping.Cancel()), stopping.Token)
                .Finished.ShouldBeFalse();
        }

        foreach (var i in Enumerable.Range(1, 5))
        {
            File.Move(_folder[$"{i}.jpg"], _folder[$"away-{i}.jpg"]);
        }

        Should
            .Throw<TooMuchLostException>(() => TrainingJob.Resume(_folder["run"]).Run(new Recorder()))
            .Message.ShouldContain("(6 of 40; in training 2.5 %)");
        Should.Throw<OptionException>(() => TrainingJob.Resume(_folder["run"], maxLost: 2)).Message.ShouldStartWith("MaxLost is 2");
        TrainingJob.Resume(_folder["run"], maxLost: 0.2).Run(new Recorder()).Finished.ShouldBeTrue();
    }

    // One row per picture; the first ones lead nowhere.
    private RunConfiguration Configuration(int rows, int lost)
    {
        var picture = Path.Combine(Path.GetDirectoryName(catalogue.Files.Table)!, "images", "000001.jpg");
        for (var i = lost; i < rows; i++)
        {
            File.Copy(picture, _folder[$"{i}.jpg"], overwrite: true);
        }

        _folder.Write(
            "table.csv",
            "title,image,color,split\n"
                + string.Concat(
                    Enumerable
                        .Range(0, rows)
                        .Select(i => $"thing {i},{i}.jpg,{(i % 2 == 0 ? "red" : "blue")},{(i % 5 == 0 ? "val" : "train")}\n")
                )
        );
        var data = new DataConfiguration
        {
            Path = _folder["table.csv"],
            TextColumns = ["title"],
            ImageColumns = ["image"],
            TaskColumns = ["color"],
            SplitColumn = "split",
        };
        return catalogue.Configuration(TrainingCatalogue.Recipe with { Epochs = 2 }) with { Data = data };
    }
}
