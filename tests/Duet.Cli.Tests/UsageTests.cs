// Wrong command lines: exit code 2, a message that names the option and what would be right.
namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class UsageTests(TrainedRun trained)
{
    [Fact]
    public void Help_teaches_every_verb()
    {
        var help = trained.Run("--help").ShouldEndWith(0).Output;
        foreach (var verb in (string[])["demo", "train", "evaluate", "predict", "embed", "inspect"])
        {
            help.ShouldContain(verb);
        }

        var own = trained.Run("train", "--help").ShouldEndWith(0).Output;
        own.ShouldContain("Usage:\n  duet train");
        own.ShouldContain("Examples:\n  duet train --data");
    }

    [Theory]
    [InlineData("There is no command 'trian'. Did you mean 'train'?", "trian")]
    [InlineData("--epoch", "train", "--epoch", "3")]
    [InlineData("'--epochs'", "train", "--epochs")]
    [InlineData("--epochs is 'many'; it must be a whole number", "--epochs", "many")]
    [InlineData("--epochs is 0; it must be between 1 and", "--epochs", "0")]
    [InlineData("--precision is 'fp12'; it must be one of fp32, bf16, auto", "--precision", "fp12")]
    [InlineData("'foo' is not a device; expected cpu", "--device", "foo")]
    [InlineData("no model 'cma-clap'", "--model", "cma-clap")]
    [InlineData("has no preset 'huge'", "--preset", "huge")]
    [InlineData("There is no setting 'fusion_layer'. Did you mean 'fusion_layers'?", "--set", "fusion_layer=3")]
    [InlineData("--set takes name=value, not 'fusion_layers'", "--set", "fusion_layers")]
    [InlineData("fusion_layers is 0; it must be between", "--set", "fusion_layers=0")]
    [InlineData("no column 'shade'", "--task", "shade")]
    [InlineData("no column 'picture'", "--image", "picture")]
    public void Wrong_usage_ends_with_2_and_says_what_is_wrong(string expected, params string[] arguments)
    {
        var line = arguments[0].StartsWith("--", StringComparison.Ordinal) ? TrainedArgumentsWith(arguments) : arguments;
        trained.Run(line).ShouldEndWith(2).Error.ShouldContain(expected);
        Directory.Exists(Path.Combine(trained.Folder, "refused")).ShouldBeFalse();
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        trained.Run("train", "--output", "refused").ShouldEndWith(2).Error.ShouldContain("--data is missing");
        trained
            .Run("train", "--data", TrainedRun.Table, "--text", "title", "--output", "refused")
            .ShouldEndWith(2)
            .Error.ShouldContain("--task is missing");
        trained
            .Run("train", "--data", "gone.csv", "--text", "title", "--task", "color", "--output", "refused")
            .ShouldEndWith(2)
            .Error.ShouldContain("not there");
        trained.Run("predict", "run").ShouldEndWith(2).Error.ShouldContain("--image");
        trained.Run("predict", "run", "--data", TrainedRun.Table).ShouldEndWith(2).Error.ShouldContain("--output is missing");
        trained
            .Run("embed", "run", "--data", TrainedRun.Table, "--output", "x.parquet")
            .ShouldEndWith(2)
            .Error.ShouldContain(".npy or .jsonl");
        trained.Run().ShouldEndWith(2).Output.ShouldContain("duet demo");
    }

    [Fact]
    public void A_folder_that_is_no_run_or_is_taken_is_refused()
    {
        trained.Run("inspect", "catalogue").ShouldEndWith(1).Error.ShouldContain("not a run folder");
        trained.Run("train", "--output", "nowhere", "--resume").ShouldEndWith(2).Error.ShouldContain("no run to resume");
        trained.Train("run").ShouldEndWith(1).Error.ShouldContain("--resume");
        trained.Train("run", "--resume", "--seed", "9").ShouldEndWith(2).Error.ShouldContain("has --seed 1, the command line says 9");
        trained.Run("demo", "--output", "catalogue").ShouldEndWith(2).Error.ShouldContain("not the demo's");
    }

    [Fact]
    public void A_stack_trace_is_shown_only_when_asked_for()
    {
        trained.Run("inspect", "catalogue").Error.ShouldNotContain("   at Duet");
        trained.Run("inspect", "catalogue", "--verbose").Error.ShouldContain("   at Duet");
    }

    private static string[] TrainedArgumentsWith(string[] arguments)
    {
        // A later --epochs would only add to an earlier one, so the earlier one goes.
        var line = TrainedRun.TrainArguments("refused").ToList();
        var index = line.IndexOf(arguments[0]);
        if (index >= 0 && arguments[0] is not ("--task" or "--set" or "--image"))
        {
            line.RemoveRange(index, 2);
        }

        return [.. line, .. arguments];
    }
}
