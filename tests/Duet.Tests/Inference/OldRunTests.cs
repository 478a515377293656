// A run folder of version 0.1, made before Duet stood on TorchSharp: it loads, and answers what it answered then.
using System.Text.Json;
using Duet.Inference;

namespace Duet.Tests.Inference;

public sealed class OldRunTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Assets", "run-of-0.1");

    [Fact]
    public void A_run_of_version_0_1_answers_as_it_did()
    {
        using var model = DuetModel.Load(Folder, new ModelUseOptions { Threads = 1 });
        using var recorded = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "answers.json")));
        var answer = model.Classify(Path.Combine(Folder, "product.jpg"), "Juno Modern Satin bag");
        foreach (var task in recorded.RootElement.GetProperty("tasks").EnumerateObject())
        {
            var now = answer[task.Name];
            now.Label.ShouldBe(task.Value.GetProperty("label").GetString());
            ((double)now.ImageShare!.Value).ShouldBe(task.Value.GetProperty("image_share").GetDouble(), 1e-5);
            var then = task
                .Value.GetProperty("top_five")
                .EnumerateArray()
                .ToDictionary(
                    top => top.GetProperty("label").GetString()!,
                    top => top.GetProperty("probability").GetDouble(),
                    StringComparer.Ordinal
                );
            now.TopFive.ShouldAllBe(top => Math.Abs(top.Probability - then[top.Label]) < 1e-5);
        }
    }
}
