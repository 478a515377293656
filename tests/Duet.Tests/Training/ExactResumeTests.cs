// A run that was interrupted, or killed, and resumed ends with the bits of one that was not.
using Duet.Runs;
using Duet.Tests.Data;
using Duet.Training;

namespace Duet.Tests.Training;

[Collection(TrainingCollection.Name)]
public sealed class ExactResumeTests(TrainingCatalogue catalogue) : IDisposable
{
    private static readonly TrainingOptions Recipe = TrainingCatalogue.Recipe;
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Recipes => [.. All.Keys];

    private static Dictionary<string, TrainingOptions> All { get; } =
        new(StringComparer.Ordinal)
        {
            ["plain"] = Recipe with { EmaDecay = 0, ImageDropout = 0, TextDropout = 0 },
            ["average"] = Recipe,
            ["accumulation"] = Recipe with { AccumulationSteps = 4, BatchSize = 4 },
            ["uncertainty"] = Recipe with { LossBalancing = LossBalancing.Uncertainty },
            ["dropped inputs"] = Recipe with
            {
                TokenDropout = 0.3,
                TokenSplit = 0.3,
                ImageDropout = 0.4,
                TextDropout = 0.4,
                ErasingProbability = 0.5,
                NoiseProbability = 0.5,
                ColorJitter = 0.2,
            },

            // Before its epochs it is looked how fast other numbers of threads are, at other moments where a run is resumed.
            ["two threads"] = Recipe with
            {
                Threads = 2,
            },
            ["bf16"] = Recipe with { Precision = Precision.Bf16 },
            ["pre-training"] = Recipe with { Epochs = 2, PretrainEpochs = 2 },
            ["cached towers"] = Recipe with { BackboneLearningRateScale = 0, CacheTowers = true },
            ["patience"] = Recipe with { Epochs = 6, Patience = 1, LearningRate = 1e-8, EmaDecay = 0 },
        };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Interrupted_again_and_again(string name)
    {
        var reference = Train(All[name], "reference", out var whole);
        var run = _folder["interrupted"];
        var job = TrainingJob.Start(catalogue.Configuration(All[name]), run);
        var interruptions = 0;

        // Inside the first epoch, at the end of one, right after one began, and once more where a resumed run had just begun.
        int[] stops = [2, whole.Steps.Count(step => step is { Epoch: 1 } && step.Stage == whole.Steps[0].Stage), 1, 1, 3];
        foreach (var steps in stops)
        {
            using var stop = new CancellationTokenSource();
            var seen = 0;
            var result = job.Run(
                new Recorder(_ =>
                {
                    if (++seen == steps)
                    {
                        stop.Cancel();
                    }
                }),
                stop.Token
            );
            interruptions += result.Finished ? 0 : 1;
            job = TrainingJob.Resume(run);
        }

        var last = new Recorder();
        job.Run(last).Finished.ShouldBeTrue();
        interruptions.ShouldBeGreaterThanOrEqualTo(3);
        last.Notes.ShouldContain(note =>
            note.StartsWith("Resuming at", StringComparison.Ordinal) || note.Contains("finished already", StringComparison.Ordinal)
        );
        RunResults.ShouldBeTheSameRun(run, reference);
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Killed_at_any_moment(string name)
    {
        var copies = new List<string>();
        string run = string.Empty;
        var reference = Train(
            All[name],
            "reference",
            out _,
            step =>
            {
                // Long after the last checkpoint, in every stage and epoch.
                if (step.Step % 7 == 3)
                {
                    Kill();
                }
            },
            _ => Kill()
        );
        copies.Count.ShouldBeGreaterThanOrEqualTo(4);
        foreach (var copy in copies)
        {
            TrainingJob.Resume(copy).Run(new Recorder()).Finished.ShouldBeTrue();
            RunResults.ShouldBeTheSameRun(copy, reference);
        }

        void Kill()
        {
            run = _folder["reference"];
            copies.Add(_folder[$"copy-{copies.Count}"]);
            RunResults.CopyTo(run, copies[^1]);
        }
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Killed_right_after_a_checkpoint(string name)
    {
        var reference = Train(All[name], "reference", out _);
        var copy = _folder["copy"];
        RunResults.CopyTo(reference, copy);

        // What a kill between the last epoch's checkpoint and the one that says "finished" leaves.
        Directory.Delete(RunResults.Checkpoints(copy)[^1], recursive: true);
        var again = new Recorder();
        TrainingJob.Resume(copy).Run(again).Finished.ShouldBeTrue();
        again.Steps.ShouldBeEmpty();
        RunResults.ShouldBeTheSameRun(copy, reference);
    }

    [Fact]
    public void Checkpoints_inside_an_epoch_are_exact_too()
    {
        var recipe = Recipe with { CheckpointMinutes = 1, Epochs = 2 };
        var copy = _folder["copy"];
        var clock = new StandingClock();
        var reference = Train(
            recipe,
            "reference",
            out _,
            time: clock,
            onStep: step =>
            {
                if (step.Step == 3)
                {
                    clock.Advance(TimeSpan.FromMinutes(1));
                }
                else if (step.Step == 5)
                {
                    RunResults.Checkpoints(_folder["reference"]).Count.ShouldBe(1);
                    RunResults.CopyTo(_folder["reference"], copy);
                }
            }
        );
        var resumed = new Recorder();
        TrainingJob.Resume(copy).Run(resumed).Finished.ShouldBeTrue();
        resumed.Steps[0].Step.ShouldBe(4);
        RunResults.ShouldBeTheSameRun(copy, reference);
    }

    [Fact]
    public void A_finished_run_stays_as_it_is()
    {
        var run = Train(Recipe with { Epochs = 1 }, "run", out _);
        var (weights, metrics) = (RunResults.Weights(run), File.ReadAllText(new RunFolder(run).MetricsFile));
        var again = new Recorder();
        TrainingJob.Resume(run).Run(again).Finished.ShouldBeTrue();
        again.Steps.ShouldBeEmpty();
        RunResults.Weights(run).ShouldBe(weights);
        File.ReadAllText(new RunFolder(run).MetricsFile).ShouldBe(metrics);
    }

    [Fact]
    public void The_seed_decides()
    {
        var recipe = Recipe with { Epochs = 1 };
        var first = Train(recipe, "first", out _);
        RunResults.ShouldBeTheSameRun(Train(recipe, "again", out _), first);
        RunResults.Weights(Train(recipe with { Seed = 2 }, "other", out _)).ShouldNotBe(RunResults.Weights(first));
    }

    private string Train(
        TrainingOptions recipe,
        string name,
        out Recorder recorder,
        Action<StepReport>? onStep = null,
        Action<EpochReport>? onEpoch = null,
        TimeProvider? time = null
    )
    {
        recorder = new Recorder(onStep, onEpoch);
        TrainingJob.Start(catalogue.Configuration(recipe), _folder[name], time).Run(recorder).Finished.ShouldBeTrue();
        return _folder[name];
    }
}
