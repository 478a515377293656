// A run that was killed or stopped and goes on ends with the very weights of one that was not.
using System.Text.Json;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class ResumeTests(TrainedRun trained)
{
    // Long enough that a signal finds the run at work, also where the machine is busy with something else.
    private const int Epochs = 12;

    [Theory]
    [InlineData("products train")]
    [InlineData("epoch  2/12")]
    [InlineData("epoch  5/12")]
    public void A_killed_run_resumes_to_the_same_weights(string moment)
    {
        var run = $"killed-{moment.GetHashCode(StringComparison.Ordinal):x}";
        Stop(run, moment, process => process.Kill()).ShouldEndWith(137);
        Resume(run);
    }

    [Fact]
    public void Ctrl_C_stops_cleanly_and_says_how_to_go_on()
    {
        Stop("stopped", "products train", process => process.Interrupt())
            .ShouldEndWith(130)
            .Error.ShouldContain("duet train --output stopped --resume");
        Resume("stopped");
    }

    [Fact]
    public void A_finished_run_resumed_stays_as_it_is()
    {
        var before = File.ReadAllBytes(trained.Weights("run"));
        trained
            .Run("train", "--output", "run", "--resume")
            .ShouldEndWith(0)
            .Error.ShouldContain("To extend it: `duet train --output run --resume --epochs 6`");
        File.ReadAllBytes(trained.Weights("run")).SequenceEqual(before).ShouldBeTrue();
    }

    [Fact]
    public void A_finished_run_is_prolonged_and_a_kill_on_the_way_changes_nothing()
    {
        Shell("cp -r run prolonged && cp -r run prolonged-killed").ShouldEndWith(0);
        string[] more = ["--resume", "--epochs", "12"];
        trained
            .Run(["train", "--output", "prolonged", .. more])
            .ShouldEndWith(0)
            .Error.ShouldContain("ended after epoch 3 and was extended to 12");
        var rates = trained.Run("inspect", "prolonged").ShouldEndWith(0).Output;
        rates.ShouldContain("12 epochs");
        rates.ShouldContain("after 3 epochs");

        using (var process = CliProcess.Start(trained.Folder, ["train", "--output", "prolonged-killed", .. more]))
        {
            process.WaitFor("epoch  6/12").ShouldBeTrue(process.Error);
            process.Kill();
            process.Wait().ShouldEndWith(137);
        }

        // The run knows of its new end by itself.
        trained.Run("train", "--output", "prolonged-killed", "--resume").ShouldEndWith(0);
        File.ReadAllBytes(trained.Weights("prolonged-killed"))
            .SequenceEqual(File.ReadAllBytes(trained.Weights("prolonged")))
            .ShouldBeTrue("the weights differ");

        trained.Run(["train", "--output", "prolonged", .. more]).ShouldEndWith(0).Error.ShouldContain("finished already");
        trained
            .Run("train", "--output", "prolonged", "--resume", "--epochs", "5")
            .ShouldEndWith(2)
            .Error.ShouldContain("--resume --epochs 24");
        trained.Run("report", "prolonged", "--no-explanations").ShouldEndWith(0);
        ReportText.Read(Path.Combine(trained.Folder, "prolonged", "report.html")).ShouldContain("--set training.epochs=3");
    }

    [Fact]
    public void A_run_that_is_not_finished_is_not_prolonged()
    {
        Stop("halfway", "epoch  2/12", process => process.Interrupt()).ShouldEndWith(130);
        trained.Run("train", "--output", "halfway", "--resume", "--epochs", "20").ShouldEndWith(2).Error.ShouldContain("not finished");
    }

    [Fact]
    public void Threads_may_be_left_to_the_machine_and_changed_when_a_run_goes_on()
    {
        trained
            .Run([
                .. TrainedRun
                    .TrainArguments("adaptive", 1, "--no-report")
                    .Select((word, i) => i > 0 && TrainedRun.TrainArguments("adaptive", 1)[i - 1] == "--threads" ? "auto" : word),
            ])
            .ShouldEndWith(0);
        File.ReadAllText(Path.Combine(trained.Folder, "adaptive", "config.yaml")).ShouldContain("adapt_threads: true");
        ThreadsOf(1).ShouldBeInRange(1, Environment.ProcessorCount);
        trained
            .Run("train", "--output", "adaptive", "--resume", "--epochs", "2", "--threads", "1", "--no-report")
            .ShouldEndWith(0)
            .Error.ShouldContain("differ in their last bits");
        File.ReadAllText(Path.Combine(trained.Folder, "adaptive", "config.yaml")).ShouldContain("adapt_threads: false");
        ThreadsOf(2).ShouldBe(1);

        int ThreadsOf(int epoch)
        {
            using var line = JsonDocument.Parse(File.ReadAllLines(Path.Combine(trained.Folder, "adaptive", "metrics.jsonl"))[epoch - 1]);
            return line.RootElement.GetProperty("threads").GetInt32();
        }
    }

    private CliResult Shell(string script) => CliProcess.Shell(trained.Folder, script);

    private CliResult Stop(string run, string moment, Action<CliProcess> signal)
    {
        using var process = CliProcess.Start(trained.Folder, TrainedRun.TrainArguments(run, Epochs));
        process.WaitFor(moment).ShouldBeTrue(process.Error);
        signal(process);
        return process.Wait();
    }

    private void Resume(string run)
    {
        if (!File.Exists(trained.Weights("whole")))
        {
            CliProcess.Run(trained.Folder, TrainedRun.TrainArguments("whole", Epochs)).ShouldEndWith(0);
        }

        trained.Run("train", "--output", run, "--resume").ShouldEndWith(0);
        File.ReadAllBytes(trained.Weights(run))
            .SequenceEqual(File.ReadAllBytes(trained.Weights("whole")))
            .ShouldBeTrue("the weights differ");
    }
}
