// The starter weights, as users get and use them, from a feed on this machine.
using Duet.Tests.Pretrained.Starter;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class StarterTests(TrainedRun trained) : IDisposable
{
    private readonly FakeFeed _feed = new();
    private readonly string _work = Directory.CreateTempSubdirectory("duet-starter-").FullName;

    private string Cache => Path.Combine(_work, "cache");

    public void Dispose()
    {
        _feed.Dispose();
        Directory.Delete(_work, recursive: true);
    }

    [Fact]
    public void Pulled_once_they_are_sources_like_any_other()
    {
        File.WriteAllText(Path.Combine(_work, "nuget.config"), _feed.Configuration());
        var pulled = Run("pull", "starter").ShouldEndWith(0);
        pulled
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Trim())
            .ShouldBe([Path.Combine(Cache, "starter", "resnet18"), Path.Combine(Cache, "starter", "minilm")]);
        pulled.Error.ShouldContain("LICENSE.txt");

        var requests = _feed.Requests.Count;
        Run("pull", "starter/minilm").ShouldEndWith(0).Output.Trim().ShouldBe(Path.Combine(Cache, "starter", "minilm"));
        Run("import", "starter/minilm", "--output", "text").ShouldEndWith(0);
        Run("inspect", "text").ShouldEndWith(0).Output.ShouldContain("starter/minilm");
        Run("import", Path.Combine(Cache, "starter", "resnet18"), "--output", "picture").ShouldEndWith(0);
        var table = Path.Combine(trained.Folder, TrainedRun.Table);
        Run(
                "train",
                "--model",
                "mmbt",
                "--preset",
                "tiny",
                "--pretrained",
                "starter",
                "--data",
                table,
                "--text",
                "title",
                "--image",
                "image",
                "--task",
                "category",
                "--split-column",
                "split",
                "--epochs",
                "1",
                "--batch-size",
                "16",
                "--set",
                "image_size=64",
                "--set",
                "context_length=12",
                "--output",
                "run"
            )
            .ShouldEndWith(0);
        Run("inspect", "run").ShouldEndWith(0).Output.ShouldContain("starter");
        TrainCmaClip(table);
        Run("import", "starter", "--output", "both").ShouldEndWith(1).Error.ShouldContain("pair of towers");
        _feed.Requests.Count.ShouldBe(requests);
    }

    [Fact]
    public void Without_a_feed_or_with_another_package_nothing_is_made()
    {
        File.WriteAllText(Path.Combine(_work, "nuget.config"), _feed.Configuration());
        _feed.Others[FakeFeed.ResNet18] = [80, 75];
        var wrong = Run("pull", "starter").ShouldEndWith(1).Error;
        wrong.ShouldContain("7679c0f8832902d64019b7c8f79784d02bcbbce008d22a5249bdef8e8f45cb73");
        wrong.ShouldContain(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData((byte[])[80, 75])));
        _feed.Trouble = _ => Duet.Tests.Pretrained.Hub.FakeResponse.Empty(403);
        Run("pull", "starter").ShouldEndWith(1).Error.ShouldContain($"{_feed.Index} answered 403");
        Run("pull", "starter/other").ShouldEndWith(1);
        Directory.Exists(Path.Combine(Cache, "starter", "resnet18")).ShouldBeFalse();
    }

    // The system of the title, from its first epoch to an explained answer.
    private void TrainCmaClip(string table)
    {
        string[] columns = ["--data", table, "--text", "title", "--image", "image"];
        Run([
                "train",
                "--preset",
                "tiny",
                "--pretrained",
                "starter",
                .. columns,
                "--task",
                "category",
                "--task",
                "color",
                "--split-column",
                "split",
                "--epochs",
                "1",
                "--batch-size",
                "16",
                "--set",
                "image_size=64",
                "--set",
                "context_length=12",
                "--output",
                "cma",
            ])
            .ShouldEndWith(0)
            .Error.ShouldContain("starter/minilm (HuggingFaceBert)");
        var configuration = File.ReadAllText(Path.Combine(_work, "cma", "config.yaml"));
        configuration.ShouldContain("tower: resnet");
        configuration.ShouldContain("frozen_statistics: true");
        configuration.ShouldContain("tower: bert");
        Run(["predict", "cma", .. columns, "--output", "predictions.csv"]).ShouldEndWith(0);
        Run("explain", "cma", "--text", "red leather shoe", "--task", "color", "--method", "rollout", "--output", "explained")
            .ShouldEndWith(0)
            .Output.ShouldContain("leather");
    }

    private CliResult Run(params string[] arguments) =>
        CliProcess.Run(
            _work,
            new Dictionary<string, string?>
            {
                ["HF_HUB_CACHE"] = Cache,
                ["HF_ENDPOINT"] = _feed.Index.GetLeftPart(UriPartial.Authority),
                ["HF_HUB_OFFLINE"] = null,
                ["HF_TOKEN"] = null,
            },
            arguments
        );
}
