// Captions, as users and their scripts ask for them.
using System.Text.Json;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class CaptionTests(TrainedRun trained)
{
    private static readonly string First = Path.Combine("catalogue", "images", "000001.jpg");
    private static readonly string Second = Path.Combine("catalogue", "images", "000002.jpg");

    [Fact]
    public void Pictures_get_captions_by_every_method()
    {
        // 160 products and ten passes: what is learned is that a title ends, and which words there are.
        CliProcess
            .Run(
                trained.Folder,
                TrainedRun.TrainArguments(
                    "caption-writer",
                    epochs: 1,
                    "--model",
                    "coca",
                    "--pretrain-epochs",
                    "10",
                    "--learning-rate",
                    "0.003",
                    "--no-report"
                )
            )
            .ShouldEndWith(0);
        string[] command = ["caption", "caption-writer", "--image", First, "--image", Second, "--json"];
        string[] Captions(params string[] more)
        {
            using var answer = JsonDocument.Parse(trained.Run([.. command, .. more]).ShouldEndWith(0).Output);
            answer.RootElement.EnumerateArray().Select(one => one.GetProperty("file").GetString()).ShouldBe([First, Second]);
            return [.. answer.RootElement.EnumerateArray().Select(one => one.GetProperty("caption").GetString()!)];
        }

        var titles = File.ReadAllText(Path.Combine(trained.Catalogue, "products.csv"));
        var greedy = Captions();
        greedy.ShouldAllBe(caption => caption.Length > 0 && !caption.Contains('<'));
        greedy.SelectMany(caption => caption.Split(' ')).ShouldContain(word => titles.Contains(word, StringComparison.OrdinalIgnoreCase));
        Captions("--method", "top-p", "--seed", "3").ShouldBe(Captions("--method", "top-p", "--seed", "3"));
        Captions("--method", "top-p", "--seed", "3", "--temperature", "3")
            .ShouldNotBe(Captions("--method", "top-p", "--seed", "4", "--temperature", "3"));
        Captions("--method", "beam", "--beams", "3", "--maximum-length", "4").ShouldAllBe(caption => caption.Length > 0);
        var one = trained.Run("caption", "caption-writer", "--image", First).ShouldEndWith(0);
        one.Output.Trim().ShouldBe(greedy[0]);
        one.Error.ShouldContain("token_split");
    }

    [Fact]
    public void What_writes_no_captions_says_so()
    {
        trained.Run("caption", "run", "--image", First).ShouldEndWith(1).Error.ShouldContain("coca");
        trained.Run("caption", "run").ShouldEndWith(2).Error.ShouldContain("--image");
        CliProcess.Run(trained.Folder, TrainedRun.TrainArguments("untaught", epochs: 1, "--model", "coca", "--no-report")).ShouldEndWith(0);
        trained
            .Run("caption", "untaught", "--image", First, "--maximum-length", "5")
            .ShouldEndWith(0)
            .Error.ShouldContain("--pretrain-epochs");
        trained
            .Run("caption", "untaught", "--image", First, "--maximum-length", "5000")
            .ShouldEndWith(2)
            .Error.ShouldContain("--maximum-length is 5000");
        trained.Run("caption", "untaught", "--image", First, "--method", "guess").ShouldEndWith(2).Error.ShouldContain("method");
        trained.Run("caption", "untaught", "--image", "gone.jpg").ShouldEndWith(1).Error.ShouldContain("gone.jpg");
    }
}
