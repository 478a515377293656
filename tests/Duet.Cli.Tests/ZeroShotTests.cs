// Zero-shot, as users and their scripts call it.
using System.Text.Json;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class ZeroShotTests(TrainedRun trained)
{
    private static readonly string Picture = Path.Combine("catalogue", "images", "000001.jpg");

    [Fact]
    public void One_product_gets_a_label()
    {
        var result = trained
            .Run("zero-shot", "run", "--labels", "shoe,bag,hat", "--template", "a {}", "--template", "red {}", "--image", Picture, "--json")
            .ShouldEndWith(0);
        using var answer = JsonDocument.Parse(result.Output);
        var label = answer.RootElement.GetProperty("tasks").GetProperty("label");
        label.GetProperty("label").GetString().ShouldBeOneOf("shoe", "bag", "hat");
        label.GetProperty("top_five").EnumerateArray().Sum(next => next.GetProperty("probability").GetDouble()).ShouldBe(1, 1e-5);

        // The shared run was never trained contrastively, which is worth a remark.
        result.Error.ShouldContain("--pretrain-epochs");
        File.WriteAllText(Path.Combine(trained.Folder, "labels.txt"), "shoe\nbag, small\n");
        trained
            .Run("zero-shot", "run", "--labels", "labels.txt", "--text", "a red thing")
            .ShouldEndWith(0)
            .Output.ShouldContain("bag, small");
    }

    [Fact]
    public void Tables_are_measured_and_written()
    {
        string[] command = ["zero-shot", "run", "--data", TrainedRun.Table, "--task", "category", "--split", "test", "--inputs", "image"];
        using var figures = JsonDocument.Parse(trained.Run([.. command, "--json", "--output", "zero.csv"]).ShouldEndWith(0).Output);
        figures.RootElement.GetProperty("tasks").GetProperty("category").GetProperty("accuracy").GetDouble().ShouldBeInRange(0, 1);
        figures.RootElement.GetProperty("n").GetInt32().ShouldBe(32);
        File.ReadAllLines(Path.Combine(trained.Folder, "zero.csv")).Length.ShouldBe(161);
        trained.Run(command).ShouldEndWith(0).Output.ShouldContain("zero-shot accuracy");
    }

    [Fact]
    public void Incomplete_commands_say_what_is_missing()
    {
        string Refused(params string[] more) => trained.Run(["zero-shot", "run", .. more]).ShouldEndWith(2).Error;
        Refused("--image", Picture).ShouldContain("--labels");
        Refused("--labels", "a,b").ShouldContain("--image");
        Refused("--labels", "a,b", "--data", TrainedRun.Table).ShouldContain("--task");
        Refused("--labels", "a,b", "--image", Picture, "--task", "category").ShouldContain("--data");
        Refused("--labels", "a,b", "--image", Picture, "--template", "a photo").ShouldContain("{}");
        Refused("--labels", "a,b", "--image", Picture, "--inputs", "smell").ShouldContain("smell");
        Refused("--labels", "a", "--image", Picture).ShouldContain("labels");
    }
}
