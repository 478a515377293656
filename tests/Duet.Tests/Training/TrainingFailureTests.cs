// What cannot be trained says so, with the step, the column or the folder, and leaves what there was.
using Duet.Data;
using Duet.Models;
using Duet.Runs;
using Duet.Tests.Data;
using Duet.Training;

namespace Duet.Tests.Training;

[Collection(TrainingCollection.Name)]
public sealed class TrainingFailureTests(TrainingCatalogue catalogue) : IDisposable
{
    private const string Header = "id,title,color,size,split\n";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_loss_that_is_not_finite_stops_at_its_step_and_leaves_the_checkpoint()
    {
        var recipe = TrainingCatalogue.Recipe with { Epochs = 2 };
        TrainingJob.Start(catalogue.Configuration(recipe), _folder["reference"]).Run(new Recorder());
        var run = new RunFolder(_folder["run"]);
        Interrupt(catalogue.Configuration(recipe), run.Path, afterStep: 4);
        var checkpoint = RunResults.Checkpoints(run.Path).ShouldHaveSingleItem();
        var before = File.ReadAllBytes(Path.Combine(checkpoint, "state.safetensors"));

        // Pixels divided by 1e-60 are no numbers any more: the fifth step's loss cannot be finite.
        RunConfigurationFile.Save(
            catalogue.Configuration(recipe, TrainingCatalogue.Micro with { PixelDeviation = [1e-60, 1e-60, 1e-60] }),
            run.ConfigurationFile
        );
        var steps = new Recorder();
        var stopped = Should.Throw<TrainingException>(() => TrainingJob.Resume(run.Path).Run(steps));
        steps.Steps.ShouldBeEmpty();
        stopped.Message.ShouldContain("step 5");
        stopped.Message.ShouldContain("NaN");
        stopped.Message.ShouldContain("category");
        stopped.Message.ShouldContain("--learning-rate");
        RunResults.Checkpoints(run.Path).ShouldBe([checkpoint]);
        File.ReadAllBytes(Path.Combine(checkpoint, "state.safetensors")).ShouldBe(before);

        // With the cause out of the way the run goes on as if nothing had been.
        RunConfigurationFile.Save(catalogue.Configuration(recipe), run.ConfigurationFile);
        TrainingJob.Resume(run.Path).Run(new Recorder()).Finished.ShouldBeTrue();
        RunResults.ShouldBeTheSameRun(run.Path, _folder["reference"]);
    }

    [Fact]
    public void A_pre_training_loss_that_is_not_finite_stops_too()
    {
        var configuration = catalogue.Configuration(
            TrainingCatalogue.Recipe with
            {
                PretrainEpochs = 1,
            },
            TrainingCatalogue.Micro with
            {
                PixelDeviation = [1e-60, 1e-60, 1e-60],
            }
        );
        Should
            .Throw<TrainingException>(() => TrainingJob.Start(configuration, _folder["run"]).Run(new Recorder()))
            .Message.ShouldContain("step 1 is NaN");
    }

    [Fact]
    public void A_system_without_pre_training_says_so_before_anything_is_written()
    {
        var configuration = catalogue.Configuration(TrainingCatalogue.Recipe with { PretrainEpochs = 1 }) with
        {
            Model = "vit",
            Preset = "tiny",
            Options = ModelRegistry.Find("vit").Preset("tiny"),
        };
        Should
            .Throw<OptionException>(() => TrainingJob.Start(configuration, _folder["run"]).Run(new Recorder()))
            .Message.ShouldContain("vit has no pre-training stage");
        Directory.Exists(_folder["run"]).ShouldBeFalse();
    }

    [Fact]
    public void Only_one_training_at_a_time_has_a_run_folder()
    {
        var configuration = TextOnly(Table(Rows(30)));
        var second = new Recorder();
        Exception? refused = null;
        var first = new Recorder(_ => refused ??= Record.Exception(() => TrainingJob.Resume(_folder["run"]).Run(second)));
        TrainingJob.Start(configuration, _folder["run"]).Run(first).Finished.ShouldBeTrue();
        refused.ShouldBeOfType<RunException>().Message.ShouldContain("another process");
        second.Steps.ShouldBeEmpty();
        Directory.EnumerateFiles(_folder["run"], ".*").ShouldBeEmpty();
    }

    [Fact]
    public void A_changed_table_is_no_resumption()
    {
        var table = Table(Rows(30));
        Interrupt(TextOnly(table), _folder["run"], afterStep: 1);
        File.AppendAllText(table, "99,one more,red,small,train\n");
        var checkpoint = RunResults.Checkpoints(_folder["run"]);
        Should
            .Throw<TrainingException>(() => TrainingJob.Resume(_folder["run"]).Run(new Recorder()))
            .Message.ShouldContain("table has changed");
        RunResults.Checkpoints(_folder["run"]).ShouldBe(checkpoint);
        File.WriteAllText(table, Header + Rows(30));
        TrainingJob.Resume(_folder["run"]).Run(new Recorder()).Finished.ShouldBeTrue();
    }

    [Fact]
    public void A_folder_in_use_is_not_trained_into()
    {
        var configuration = TextOnly(Table(Rows(30)));
        TrainingJob.Start(configuration, _folder["run"]).Run(new Recorder());
        Should.Throw<RunException>(() => TrainingJob.Start(configuration, _folder["run"])).Message.ShouldContain("--resume");
        _folder.Write("photos/a.txt", "mine");
        Should.Throw<RunException>(() => TrainingJob.Start(configuration, _folder["photos"])).Message.ShouldContain("not empty");
        Should.Throw<RunException>(() => TrainingJob.Start(configuration, _folder["photos/a.txt"])).Message.ShouldContain("is a file");
        Should.Throw<RunException>(() => TrainingJob.Resume(_folder["photos"])).Message.ShouldContain("not a run folder");
        Should.Throw<RunException>(() => TrainingJob.Resume(_folder["nowhere"])).Message.ShouldContain("not a run folder");
    }

    [Fact]
    public void A_run_of_a_newer_version_is_refused()
    {
        TrainingJob.Start(TextOnly(Table(Rows(30))), _folder["run"]).Run(new Recorder());
        var file = new RunFolder(_folder["run"]).ConfigurationFile;
        File.WriteAllText(
            file,
            File.ReadAllText(file)
                .Replace($"format_version: {RunConfiguration.CurrentFormatVersion}", "format_version: 99", StringComparison.Ordinal)
        );
        Should.Throw<RunException>(() => TrainingJob.Resume(_folder["run"])).Message.ShouldContain("format version 99");
    }

    [Theory]
    [InlineData("", "no rows that can be read")]
    [InlineData("1,shoe,red,small,train\n2,bag,red,large,train\n3,hat,red,large,train\n", "only one class, 'red'")]
    [InlineData("1,shoe,,small,train\n2,bag,,large,train\n", "no labels")]
    [InlineData("1,shoe,red,small,val\n2,bag,blue,large,test\n", "No row has the split 'train'")]
    public void A_table_without_anything_to_learn_is_refused(string rows, string expected) =>
        Should.Throw<TableException>(() => Train(TextOnly(Table(rows)))).Message.ShouldContain(expected);

    [Fact]
    public void A_missing_column_is_named()
    {
        var table = Table(Rows(30));
        foreach (
            var wrong in (DataConfiguration[])
                [
                    Data(table) with
                    {
                        TextColumns = ["titel"],
                    },
                    Data(table) with
                    {
                        TaskColumns = ["titel"],
                    },
                    Data(table) with
                    {
                        SplitColumn = "titel",
                    },
                ]
        )
        {
            Should.Throw<TableException>(() => Train(TextOnly(table) with { Data = wrong })).Message.ShouldContain("titel");
        }

        Directory.Exists(_folder["run"]).ShouldBeFalse("a wrong option must not leave a folder behind");
        Should.Throw<TableException>(() => Train(TextOnly(_folder["none.csv"]))).Message.ShouldContain("none.csv");
    }

    [Fact]
    public void Products_that_cannot_be_used_are_listed_before_it_stops()
    {
        _folder.Write("broken.jpg", "no picture at all");
        _folder.Write("pictures.csv", "id,image,color,split\n1,broken.jpg,red,train\n2,missing.jpg,blue,train\n");
        var data = new DataConfiguration
        {
            Path = _folder["pictures.csv"],
            ImageColumns = ["image"],
            TaskColumns = ["color"],
            SplitColumn = "split",
            TrainFraction = 0.9,
            ValidationFraction = 0,
            MaxLost = 1,
        };
        Should
            .Throw<TableException>(() => Train(TextOnly(data.Path) with { Data = data }))
            .Message.ShouldContain("no product of the training split");
        File.ReadAllText(_folder["run.quarantine.csv"]).ShouldContain("broken.jpg");
        Directory.Exists(_folder["run"]).ShouldBeFalse();
    }

    [Fact]
    public void Rows_with_a_picture_only_or_a_text_only_are_trained_on()
    {
        File.Copy(Path.Combine(Path.GetDirectoryName(catalogue.Files.Table)!, "images", "000001.jpg"), _folder["a.jpg"]);
        _folder.Write(
            "mixed.csv",
            "id,title,image,color,split\n1,red shoe,,red,train\n2,,a.jpg,blue,train\n3,blue "
                + "bag,broken.jpg,blue,train\n4,,,red,train\n5,hat,a.jpg,,train\n"
        );
        var data = new DataConfiguration
        {
            Path = _folder["mixed.csv"],
            ImageColumns = ["image"],
            TextColumns = ["title"],
            TaskColumns = ["color"],
            SplitColumn = "split",
            TrainFraction = 0.9,
            ValidationFraction = 0,
            MaxLost = 1,
        };

        // One product per step: some steps of pre-training have no pair at all, and some of training no label.
        var recipe = TrainingCatalogue.Recipe with
        {
            BatchSize = 1,
            PretrainEpochs = 1,
            Epochs = 2,
            LossBalancing = LossBalancing.Uncertainty,
        };
        var recorder = new Recorder();
        var result = TrainingJob.Start(catalogue.Configuration(recipe) with { Data = data }, _folder["run"]).Run(recorder);
        result.Finished.ShouldBeTrue();
        recorder.Epochs.Select(epoch => double.IsFinite(epoch.Loss)).ShouldBe([true, true, true]);
        recorder.Steps.Count(step => step.Stage == TrainingStage.Training).ShouldBe(8);
        result.Quarantined.ShouldBe(3);
    }

    [Theory]
    [InlineData("epochs")]
    [InlineData("learning_rate")]
    [InlineData("image_dropout")]
    [InlineData("beta2")]
    [InlineData("device")]
    public void Settings_outside_their_range_are_named(string option)
    {
        var recipe = TrainingCatalogue.Recipe;
        recipe = option switch
        {
            "epochs" => recipe with { Epochs = 0 },
            "learning_rate" => recipe with { LearningRate = double.NaN },
            "image_dropout" => recipe with { ImageDropout = 0.6 },
            "beta2" => recipe with { Beta2 = 1 },
            _ => recipe with { Device = "cuda:99" },
        };
        Should.Throw<OptionException>(() => Train(catalogue.Configuration(recipe))).Message.ShouldContain(option);
    }

    private static string Rows(int count) =>
        string.Concat(
            Enumerable
                .Range(0, count)
                .Select(row =>
                    $"{row},{(row % 2 == 0 ? "red" : "blue")} thing "
                    + $"{row},{(row % 2 == 0 ? "red" : "blue")},{(row % 3 == 0 ? "small" : "large")},{(row % 5 == 0 ? "val" : "train")}\n"
                )
        );

    private static DataConfiguration Data(string table) =>
        new()
        {
            Path = table,
            TextColumns = ["title"],
            TaskColumns = ["color", "size"],
            SplitColumn = "split",
        };

    private static void Interrupt(RunConfiguration configuration, string run, int afterStep)
    {
        using var stop = new CancellationTokenSource();
        var recorder = new Recorder(step =>
        {
            if (step.Step == afterStep)
            {
                stop.Cancel();
            }
        });
        TrainingJob.Start(configuration, run).Run(recorder, stop.Token).Finished.ShouldBeFalse();
    }

    private RunConfiguration TextOnly(string table) =>
        catalogue.Configuration(TrainingCatalogue.Recipe with { Epochs = 1 }) with
        {
            Data = Data(table),
        };

    private string Table(string rows) => _folder.Write("table.csv", Header + rows);

    private void Train(RunConfiguration configuration) => TrainingJob.Start(configuration, _folder["run"]).Run(new Recorder());
}
