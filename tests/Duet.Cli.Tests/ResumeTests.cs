// A run that was killed or stopped and goes on ends with the very weights of one that was not.
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
        Stop("stopped", "products train", process => process.Interrupt()).ShouldEndWith(130).Error.ShouldContain("duet train --output stopped --resume");
        Resume("stopped");
    }

    [Fact]
    public void A_finished_run_resumed_stays_as_it_is()
    {
        var before = File.ReadAllBytes(trained.Weights("run"));
        trained.Run("train", "--output", "run", "--resume").ShouldEndWith(0);
        File.ReadAllBytes(trained.Weights("run")).SequenceEqual(before).ShouldBeTrue();
    }

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
        File.ReadAllBytes(trained.Weights(run)).SequenceEqual(File.ReadAllBytes(trained.Weights("whole"))).ShouldBeTrue("the weights differ");
    }
}
