// Checkpoints on disks that fill up and in folders that someone damaged.
using System.Diagnostics;
using Duet.Runs;
using Duet.Tests.Data;
using Duet.Torch;
using Duet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Training;

[Collection(TrainingCollection.Name)]
public sealed class CheckpointTests(TrainingCatalogue catalogue) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_checkpoint_comes_back_as_it_was()
    {
        var store = new CheckpointStore(_folder["checkpoints"]);
        store.LoadNewest([]).ShouldBeNull();
        store.Save(
            3,
            Tensors(3),
            new TrainingState
            {
                Stage = TrainingStage.Training,
                Epoch = 2,
                BestScore = 0.1,
                TaskLossSums = [1.5],
                LossSum = 1 / 3.0,
            }
        );
        var damaged = new List<string>();
        var (tensors, state) = store.LoadNewest(damaged)!.Value;
        damaged.ShouldBeEmpty();
        tensors["weights"].ToArray().ShouldBe([3, 3, 3, 3]);
        tensors["steps"].ToInt64Array().ShouldBe([3]);
        (state.Stage, state.Epoch, state.BestScore, state.LossSum).ShouldBe((TrainingStage.Training, 2, 0.1, 1 / 3.0));
        state.TaskLossSums.ShouldBe([1.5]);
    }

    [Fact]
    public void The_last_two_are_kept()
    {
        var store = new CheckpointStore(_folder["checkpoints"]);
        foreach (var number in (long[])[1, 5, 12, 100])
        {
            store.Save(number, Tensors(number), new TrainingState());
        }

        Folders().ShouldBe(["step-0000000012", "step-0000000100"]);
    }

    [Fact]
    public void What_fails_half_way_leaves_the_one_before_and_nothing_else()
    {
        var store = new CheckpointStore(_folder["checkpoints"]);
        store.Save(1, Tensors(1), new TrainingState { Epoch = 1 });
        var full = Should.Throw<IOException>(() => store.Save(2, Tensors(2).Concat(Full()), new TrainingState { Epoch = 2 }));
        full.Message.ShouldContain("No space left on device");
        full.Message.ShouldContain("step-0000000002");
        full.Message.ShouldContain("--resume");
        Folders().ShouldBe(["step-0000000001"]);
        store.LoadNewest([])!.Value.State.Epoch.ShouldBe(1);

        static IEnumerable<KeyValuePair<string, Tensor>> Full()
        {
            yield return new("more", zeros([2]));
            throw new IOException("No space left on device");
        }
    }

    [SkippableFact]
    public void A_full_disk_leaves_the_checkpoint_before()
    {
        Skip.IfNot(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess,
            "a small file system can only be mounted by root on Linux"
        );
        var disk = _folder["disk"];
        Directory.CreateDirectory(disk);
        Skip.If(
            Execute("mount", "-t", "tmpfs", "-o", "size=192k", "tmpfs", disk) != 0,
            "a small file system cannot be mounted here (a container without that right)"
        );
        try
        {
            var store = new CheckpointStore(Path.Combine(disk, "checkpoints"));
            store.Save(1, [new("weights", ones([25_000]))], new TrainingState { Epoch = 1 });
            var full = Should.Throw<IOException>(() => store.Save(2, [new("weights", zeros([25_000]))], new TrainingState { Epoch = 2 }));
            full.Message.ShouldContain("space");
            Directory.EnumerateFileSystemEntries(Path.Combine(disk, "checkpoints")).Select(Path.GetFileName).ShouldBe(["step-0000000001"]);
            var (tensors, state) = store.LoadNewest([])!.Value;
            state.Epoch.ShouldBe(1);
            tensors["weights"].sum().ToDouble().ShouldBe(25_000);
        }
        finally
        {
            Execute("umount", disk).ShouldBe(0);
        }
    }

    [Fact]
    public void What_a_kill_left_half_written_goes()
    {
        var store = new CheckpointStore(_folder["checkpoints"]);
        Directory.CreateDirectory(Path.Combine(_folder["checkpoints"], "writing-1234"));
        _folder.Write("checkpoints/writing-1234/state.safetensors", "half");
        store.LoadNewest([]).ShouldBeNull();
        store.RemoveUnfinished();
        Folders().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("state.safetensors", "truncate")]
    [InlineData("state.safetensors", "flip")]
    [InlineData("state.safetensors", "delete")]
    [InlineData("state.json", "truncate")]
    [InlineData("state.json", "flip")]
    [InlineData("state.json", "delete")]
    [InlineData("manifest.json", "truncate")]
    [InlineData("manifest.json", "flip")]
    [InlineData("manifest.json", "empty")]
    [InlineData("manifest.json", "delete")]
    public void A_damaged_checkpoint_is_passed_over(string file, string how)
    {
        var store = new CheckpointStore(_folder["checkpoints"]);
        store.Save(1, Tensors(1), new TrainingState { Epoch = 1 });
        store.Save(2, Tensors(2), new TrainingState { Epoch = 2 });
        Damage(Path.Combine(_folder["checkpoints"], "step-0000000002", file), how);
        var damaged = new List<string>();
        var (tensors, state) = store.LoadNewest(damaged)!.Value;
        (state.Epoch, tensors["weights"].ToArray()[0]).ShouldBe((1, 1f));
        damaged.ShouldHaveSingleItem().ShouldContain("step-0000000002");

        // Going on from the one before does not count the damaged one among those kept.
        store.Save(3, Tensors(3), new TrainingState { Epoch = 3 });
        Damage(Path.Combine(_folder["checkpoints"], "step-0000000003", file), how);
        store.LoadNewest([])!.Value.State.Epoch.ShouldBe(1);
    }

    [Fact]
    public void Passed_over_checkpoints_ahead_are_dropped()
    {
        var store = new CheckpointStore(_folder["checkpoints"]);
        store.Save(1, Tensors(1), new TrainingState());
        store.Save(9, Tensors(9), new TrainingState());
        Damage(Path.Combine(_folder["checkpoints"], "step-0000000009", "state.json"), "truncate");
        store.LoadNewest([]).ShouldNotBeNull();
        store.Save(2, Tensors(2), new TrainingState());
        Folders().ShouldBe(["step-0000000001", "step-0000000002"]);
    }

    [Fact]
    public void A_run_goes_on_from_the_checkpoint_before_a_damaged_one()
    {
        var recipe = TrainingCatalogue.Recipe with { Epochs = 2 };
        TrainingJob.Start(catalogue.Configuration(recipe), _folder["reference"]).Run(new Recorder());
        using var stop = new CancellationTokenSource();
        TrainingJob
            .Start(catalogue.Configuration(recipe), _folder["run"])
            .Run(
                new Recorder(step =>
                {
                    if (step is { Epoch: 2, Step: 9 })
                    {
                        stop.Cancel();
                    }
                }),
                stop.Token
            )
            .Finished.ShouldBeFalse();
        Damage(Path.Combine(RunResults.Checkpoints(_folder["run"])[^1], "state.safetensors"), "flip");
        var resumed = new Recorder();
        TrainingJob.Resume(_folder["run"]).Run(resumed).Finished.ShouldBeTrue();
        resumed.Notes.ShouldContain(note => note.Contains("damaged and skipped", StringComparison.Ordinal));
        resumed.Steps[0].Step.ShouldBe(7);
        RunResults.ShouldBeTheSameRun(_folder["run"], _folder["reference"]);
    }

    [Fact]
    public void With_every_checkpoint_damaged_nothing_is_begun_anew()
    {
        TrainingJob.Start(catalogue.Configuration(TrainingCatalogue.Recipe with { Epochs = 1 }), _folder["run"]).Run(new Recorder());
        foreach (var checkpoint in RunResults.Checkpoints(_folder["run"]))
        {
            Damage(Path.Combine(checkpoint, "state.safetensors"), "truncate");
        }

        var (weights, metrics) = (RunResults.Weights(_folder["run"]), RunResults.Metrics(_folder["run"]));
        var refused = Should.Throw<TrainingException>(() => TrainingJob.Resume(_folder["run"]).Run(new Recorder()));
        refused.Message.ShouldContain("No checkpoint in");
        refused.Message.ShouldContain("delete it");
        RunResults.Weights(_folder["run"]).ShouldBe(weights);
        RunResults.Metrics(_folder["run"]).ShouldBe(metrics);

        // What the message says to do works.
        Directory.Delete(new RunFolder(_folder["run"]).CheckpointFolder, recursive: true);
        TrainingJob.Resume(_folder["run"]).Run(new Recorder()).Finished.ShouldBeTrue();
        RunResults.Weights(_folder["run"]).ShouldBe(weights);
    }

    [Fact]
    public void A_checkpoint_of_another_configuration_is_refused()
    {
        TrainingJob.Start(catalogue.Configuration(TrainingCatalogue.Recipe with { Epochs = 1 }), _folder["run"]).Run(new Recorder());
        var other = catalogue.Configuration(
            TrainingCatalogue.Recipe with
            {
                Epochs = 1,
            },
            TrainingCatalogue.Micro with
            {
                ModalityEmbeddings = false,
            }
        );
        RunConfigurationFile.Save(other, new RunFolder(_folder["run"]).ConfigurationFile);
        Should
            .Throw<TrainingException>(() => TrainingJob.Resume(_folder["run"]).Run(new Recorder()))
            .Message.ShouldContain("modality_embedding");
        RunConfigurationFile.Save(
            other with
            {
                Options = TrainingCatalogue.Micro with { HeadWidth = 24 },
            },
            new RunFolder(_folder["run"]).ConfigurationFile
        );
        Should
            .Throw<TrainingException>(() => TrainingJob.Resume(_folder["run"]).Run(new Recorder()))
            .Message.ShouldContain("heads.0.hidden");
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Tensors(long value) =>
        [new("weights", full([2, 2], (double)value)), new("steps", Duet.Torch.Tensors.From<long>([value], 1))];

    private static void Damage(string file, string how)
    {
        var bytes = File.ReadAllBytes(file);
        switch (how)
        {
            case "truncate":
                File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
                break;
            case "flip":
                bytes[^(bytes.Length / 3)] ^= 1;
                File.WriteAllBytes(file, bytes);
                break;
            case "empty":
                File.WriteAllText(file, "null");
                break;
            default:
                File.Delete(file);
                break;
        }
    }

    private static int Execute(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false }
        )!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    private List<string> Folders() =>
        [
            .. Directory
                .EnumerateFileSystemEntries(_folder["checkpoints"])
                .Select(path => Path.GetFileName(path)!)
                .Order(StringComparer.Ordinal),
        ];
}
