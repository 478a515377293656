// A run that was killed or stopped and goes on ends with the very weights of one that was not.
namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class ResumeTests(TrainedRun trained)
{
    [Theory]
    [InlineData("products train")]
    [InlineData("epoch 1/3")]
    [InlineData("epoch 2/3")]
    public void A_killed_run_resumes_to_the_same_weights(string moment)
    {
        var run = $"killed-{moment.GetHashCode(StringComparison.Ordinal):x}";
        using (var process = CliProcess.Start(trained.Folder, TrainedRun.TrainArguments(run)))
        {
            process.WaitFor(moment).ShouldBeTrue(process.Error);
            process.Kill();

            // A fast machine may have finished before the signal came; what follows must hold all the same.
            process.Wait().Code.ShouldBeOneOf(137, 0);
        }

        trained.Train(run, "--resume").ShouldEndWith(0);
        SameWeights(run);
    }

    [Fact]
    public void Ctrl_C_stops_cleanly_and_says_how_to_go_on()
    {
        using (var process = CliProcess.Start(trained.Folder, TrainedRun.TrainArguments("stopped")))
        {
            process.WaitFor("products train").ShouldBeTrue(process.Error);
            process.Interrupt();
            process.Wait().ShouldEndWith(130).Error.ShouldContain("duet train --output stopped --resume");
        }

        trained.Run("train", "--output", "stopped", "--resume").ShouldEndWith(0);
        SameWeights("stopped");
    }

    [Fact]
    public void A_finished_run_resumed_stays_as_it_is()
    {
        var before = File.ReadAllBytes(trained.Weights("run"));
        trained.Run("train", "--output", "run", "--resume").ShouldEndWith(0);
        File.ReadAllBytes(trained.Weights("run")).SequenceEqual(before).ShouldBeTrue();
    }

    private void SameWeights(string run)
        => File.ReadAllBytes(trained.Weights(run)).SequenceEqual(File.ReadAllBytes(trained.Weights("run"))).ShouldBeTrue("the weights differ");
}
