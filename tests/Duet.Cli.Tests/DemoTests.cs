// The demo, made small.
namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class DemoTests(TrainedRun trained)
{
    [Fact]
    public void The_demo_compares_three_models_shows_three_predictions_and_says_what_is_next()
    {
        var output = trained.Run("demo", "--products", "120", "--epochs", "1", "--output", "demo").ShouldEndWith(0).Output;
        output.ShouldContain("CMA-CLIP");
        output.ShouldContain("image only");
        output.ShouldContain("text only");
        output.Split("signal in").Length.ShouldBe(5, "one table of scores and three predictions");
        output.ShouldContain($"The model is in {Path.Combine("demo", "cma-clip")}");
        output.ShouldContain("  duet predict");
        trained.Run("inspect", Path.Combine("demo", "text-only")).ShouldEndWith(0).Output.ShouldNotContain("pictures (");

        trained
            .Run("demo", "--products", "100", "--epochs", "1", "--output", "demo")
            .ShouldEndWith(0, "a folder of an earlier demo is replaced");
    }
}
