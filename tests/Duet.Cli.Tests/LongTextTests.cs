// What is done with texts longer than the context, as users ask for it.
using System.Text.Json;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class LongTextTests(TrainedRun trained)
{
    [Fact]
    public void Long_texts_are_told_and_read_as_asked()
    {
        string[] train =
        [
            "train",
            "--data",
            TrainedRun.Table,
            "--text",
            "title",
            "--image",
            "image",
            "--task",
            "color",
            "--split-column",
            "split",
            "--preset",
            "tiny",
            "--epochs",
            "1",
            "--batch-size",
            "32",
            "--threads",
            "1",
            "--set",
            "context_length=4",
            "--long-text",
            "chunk",
            "--output",
            "pieces",
        ];
        trained.Run(train).ShouldEndWith(0).Error.ShouldContain("longer than the model's 4 tokens; read in pieces");
        using (var summary = JsonDocument.Parse(trained.Run("inspect", "pieces", "--json").ShouldEndWith(0).Output))
        {
            summary.RootElement.GetProperty("settings").GetProperty("options.long_text").GetString().ShouldBe("chunk");
        }

        trained
            .Run("evaluate", "pieces", "--data", TrainedRun.Table, "--split", "test")
            .ShouldEndWith(0)
            .Error.ShouldContain("read in pieces");
        trained
            .Run("evaluate", "pieces", "--data", TrainedRun.Table, "--split", "test", "--long-text", "head-tail")
            .ShouldEndWith(0)
            .Error.ShouldContain("the middle was not read");
        trained
            .Run("predict", "pieces", "--data", TrainedRun.Table, "--output", "pieces.csv", "--long-text", "head")
            .ShouldEndWith(0)
            .Error.ShouldContain("the end was not read");
        trained
            .Run("embed", "pieces", "--data", TrainedRun.Table, "--output", "pieces.npy")
            .ShouldEndWith(0)
            .Error.ShouldContain("read in pieces");
        trained
            .Run("zero-shot", "pieces", "--data", TrainedRun.Table, "--task", "color", "--split", "test")
            .ShouldEndWith(0)
            .Error.ShouldContain("read in pieces");
        trained
            .Run("predict", "pieces", "--text", "a long title of many words", "--long-text", "head")
            .ShouldEndWith(0)
            .Error.ShouldContain("the end was not read");
        string[] explain =
        [
            "explain",
            "pieces",
            "--text",
            "red leather shoe of the finest kind",
            "--method",
            "occlusion",
            "--method",
            "gradient",
            "--output",
            "explained-pieces",
        ];
        using (var whole = JsonDocument.Parse(trained.Run([.. explain, "--json"]).ShouldEndWith(0).Output))
        {
            whole.RootElement.GetProperty("words").EnumerateArray().ShouldAllBe(word => word.GetProperty("seen").GetBoolean());
            foreach (var attribution in whole.RootElement.GetProperty("tasks")[0].GetProperty("attributions").EnumerateArray())
            {
                attribution
                    .GetProperty("words")
                    .EnumerateArray()
                    .Skip(3)
                    .ShouldContain(score => Math.Abs(score.GetDouble()) > 1e-9, "words of later pieces count");
            }
        }

        trained.Run([.. explain, "--overwrite", "--long-text", "head"]).ShouldEndWith(0).Output.ShouldContain("kind (not read)");
        trained.Run("predict", "pieces", "--text", "a", "--long-text", "tail").ShouldEndWith(2).Error.ShouldContain("chunk");
    }
}
