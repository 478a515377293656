// duet train with a time instead of epochs, and with the arithmetic left to the machine.
using System.Text.Json;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class BudgetTests(TrainedRun trained)
{
    [Fact]
    public void Minutes_become_epochs_and_auto_becomes_an_arithmetic_for_good()
    {
        CliProcess
            .Run(trained.Folder, Arguments("timed", "--minutes", "0.02", "--precision", "auto"))
            .ShouldEndWith(0)
            .Error.ShouldContain("0.02 minutes are ");
        Directory.EnumerateDirectories(trained.Folder, "timed*").ShouldHaveSingleItem("the throw-away run is removed");

        using var inspected = JsonDocument.Parse(trained.Run("inspect", "timed", "--json").ShouldEndWith(0).Output);
        inspected.RootElement.GetProperty("settings").GetProperty("training.precision").GetString().ShouldBeOneOf("fp32", "bf16");
        var epochs = int.Parse(
            inspected.RootElement.GetProperty("settings").GetProperty("training.epochs").GetString()!,
            System.Globalization.CultureInfo.InvariantCulture
        );
        epochs.ShouldBeGreaterThan(0);
        inspected.RootElement.GetProperty("epochs").GetArrayLength().ShouldBe(epochs);

        CliProcess
            .Run(trained.Folder, Arguments("timed", "--minutes", "5", "--precision", "auto", "--resume"))
            .ShouldEndWith(0)
            .Error.ShouldContain("finished already");
    }

    [Theory]
    [InlineData("--epochs", "3")]
    [InlineData("--set", "epochs=3")]
    [InlineData("--set", "training.epochs=3")]
    public void A_run_has_one_budget(string option, string value) =>
        CliProcess
            .Run(trained.Folder, Arguments("never", "--minutes", "1", option, value))
            .ShouldEndWith(2)
            .Error.ShouldContain("one budget");

    private static string[] Arguments(string run, params string[] more) =>
        [
            "train",
            "--data",
            TrainedRun.Table,
            "--text",
            "title",
            "--image",
            "image",
            "--task",
            "category",
            "--split-column",
            "split",
            "--preset",
            "tiny",
            "--batch-size",
            "16",
            "--threads",
            "1",
            "--no-report",
            "--output",
            run,
            .. more,
        ];
}
