// Run folders that cannot be used: every message says what and where.
using Duet.Inference;
using Duet.Models;
using Duet.Runs;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Inference;

public sealed class RunFolderDamageTests : IDisposable
{
    private readonly SampleRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_missing_folder() => Refused("config.yaml", Path.Combine(_run.Run.Path, "nothing"));

    [Fact]
    public void A_newer_version()
    {
        Replace(_run.Run.ConfigurationFile, $"format_version: {RunConfiguration.CurrentFormatVersion}", "format_version: 99");
        Refused("format version 99");
    }

    [Fact]
    public void Weights_that_are_not_there_yet()
    {
        File.Delete(_run.Run.WeightsFile);
        Refused("has not finished one epoch");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(200)]
    [InlineData(100_000)]
    public void Truncated_weights(int bytes)
    {
        File.WriteAllBytes(_run.Run.WeightsFile, File.ReadAllBytes(_run.Run.WeightsFile)[..bytes]);
        Refused("model.safetensors");
    }

    [Fact]
    public void A_header_that_claims_too_much()
    {
        var bytes = File.ReadAllBytes(_run.Run.WeightsFile);
        bytes[6] = 1;
        File.WriteAllBytes(_run.Run.WeightsFile, bytes);
        Refused("model.safetensors");
    }

    [Fact]
    public void Weights_of_other_shapes()
    {
        using var other = new SampleRun(options => options with { HeadWidth = 32 });
        File.Copy(other.Run.WeightsFile, _run.Run.WeightsFile, overwrite: true);
        Refused("has shape");
    }

    [Fact]
    public void Weights_of_another_model()
    {
        using var other = new SampleRun(options => options with { SequenceWiseAttention = false });
        File.Copy(other.Run.WeightsFile, _run.Run.WeightsFile, overwrite: true);
        Refused("tensors are missing");
    }

    [Fact]
    public void Weights_that_are_no_numbers()
    {
        using (var scope = NewDisposeScope())
        using (no_grad())
        {
            using var model = CmaClip.Descriptor.Create(_run.Options, ModelContext.From(SampleRun.Schema, _run.Run.LoadTokenizer()));
            StateFile.Save(
                _run.Run.WeightsFile,
                model.NamedState().Select(tensor => KeyValuePair.Create(tensor.Key, tensor.Value * double.NaN))
            );
        }

        using var broken = DuetModel.Load(_run.Run.Path, new ModelUseOptions { Threads = 1 });
        Should.Throw<RunException>(() => broken.Classify(null, "a shoe")).Message.ShouldContain("is not a number");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"version": 1, "tasks": []}""")]
    [InlineData("""{"version": 9, "tasks": []}""")]
    [InlineData("""{"version": 1, "tasks": [{"name": "a"}]}""")]
    public void Damaged_labels(string content)
    {
        File.WriteAllText(_run.Run.LabelsFile, content);
        Refused(_run.Run.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    public void A_damaged_tokenizer(string content)
    {
        File.WriteAllText(Path.Combine(_run.Run.Path, "tokenizer.json"), content);
        Refused("tokenizer.json");
    }

    [Fact]
    public void A_missing_tokenizer()
    {
        File.Delete(Path.Combine(_run.Run.Path, "tokenizer.json"));
        Refused("tokenizer");
    }

    private static void Replace(string file, string before, string after) =>
        File.WriteAllText(file, File.ReadAllText(file).Replace(before, after, StringComparison.Ordinal));

    private void Refused(string message, string? folder = null) =>
        Should
            .Throw<RunException>(() => DuetModel.Load(folder ?? _run.Run.Path, new ModelUseOptions { Threads = 1 }).Dispose())
            .Message.ShouldContain(message);
}
