// What a run folder tells about itself.
using Duet.Inference;
using Duet.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Inference;

public sealed class RunInspectorTests : IDisposable
{
    private const string First =
        """{"stage":"training","epoch":1,"epochs":20,"step":10,"loss":2.5,"task_losses":{"category":1.0},"score":0.5,"scores":{"category":0.6},"is_best":true,"samples_per_second":100,"seconds":2}""";
    private const string Second =
        """{"stage":"training","epoch":2,"epochs":20,"step":20,"loss":2.0,"score":0.4,"scores":{"category":0.5},"is_best":false,"samples_per_second":100,"seconds":3}""";
    private readonly SampleRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_trained_run()
    {
        File.WriteAllText(_run.Run.MetricsFile, First + "\n" + Second + "\n{\"stage\":\"trai");
        var summary = RunInspector.Inspect(_run.Run.Path);
        summary.System.Title.ShouldBe("CMA-CLIP");
        summary.Schema.Tasks.Count.ShouldBe(3);
        (summary.Tokenizer, summary.VocabularySize).ShouldBe(("clip-bpe", _run.Run.LoadTokenizer().VocabularySize));
        using var model = DuetModel.Load(_run.Run.Path, new ModelUseOptions { Threads = 1 });
        summary.Parameters.ShouldBe(model.Model.NamedState().Sum(tensor => tensor.Value.numel()));
        summary.Epochs.Count.ShouldBe(2);
        summary.Best!.Scores["category"].ShouldBe(0.6);
        summary.TrainingTime.ShouldBe(TimeSpan.FromSeconds(5));
        summary.AllEpochsDone.ShouldBeFalse();
        summary.Configuration.Data.TextColumns.ShouldBe(["text"]);
    }

    [Fact]
    public void A_run_that_has_just_begun()
    {
        File.Delete(_run.Run.WeightsFile);
        var summary = RunInspector.Inspect(_run.Run.Path);
        (summary.Parameters, summary.Best).ShouldBe((null, null));
    }

    [Theory]
    [InlineData("metrics.jsonl", "{}\n", "line 1")]
    [InlineData("metrics.jsonl", "nonsense\n", "line 1")]
    [InlineData("labels.json", "nonsense", "labels.json")]
    [InlineData("model.safetensors", "nonsense", "model.safetensors")]
    [InlineData("config.yaml", "nonsense", "config.yaml")]
    public void Damage_is_named(string file, string content, string message)
    {
        File.WriteAllText(Path.Combine(_run.Run.Path, file), content);
        Should.Throw<RunException>(() => RunInspector.Inspect(_run.Run.Path)).Message.ShouldContain(message);
    }
}
