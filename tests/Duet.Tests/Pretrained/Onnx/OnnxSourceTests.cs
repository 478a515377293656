// ONNX files of published architectures are sources like any other checkpoint.
using Duet.Models;
using Duet.Models.Pretrained;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Pretrained.Onnx;

[Collection(RandomNumbersCollection.Name)]
public sealed class OnnxSourceTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("bert.", true)]
    [InlineData("0.auto_model.", true)]
    [InlineData("", false)]
    public void A_bert_with_or_without_its_configuration(string prefix, bool configured)
    {
        using var scope = NewDisposeScope();
        var shape = TinyTowers.Bert with { Text = TinyTowers.Bert.Text with { NormEpsilon = configured ? 1e-5 : 1e-12 } };
        using var original = TinyTowers.Random("bert", shape, 1);
        var state = PublishedState.HuggingFaceBert(original.NamedState(), "bert.", prefix);
        using var folder = new CheckpointFolder();
        File.WriteAllBytes(folder["export.onnx"], OnnxExport.Bert(state, headWidth: configured ? 0 : 4));
        if (configured)
        {
            folder.Json("config.json", TinyTowers.BertConfig());
        }

        var report = Load(folder["export.onnx"], "bert", new BertTextOptions { ImageSize = 32, ContextLength = 16 }, original);

        report.Format.ShouldBe(PretrainedFormat.HuggingFaceBert);
        report.Ignored.Select(ignored => ignored.Key.Split('.')[^1]).ShouldBe(["position_ids"]);
    }

    [Theory]
    [InlineData(OnnxStorage.Packed, 0)]
    [InlineData(OnnxStorage.Single, 0)]
    [InlineData(OnnxStorage.Double, 0)]
    [InlineData(OnnxStorage.RawHalf, 2e-2)]
    [InlineData(OnnxStorage.HalfInIntegers, 2e-2)]
    [InlineData(OnnxStorage.RawBFloat, 1e-1)]
    internal void A_bert_in_every_form_of_storage(OnnxStorage storage, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var original = TinyTowers.Random("bert", TinyTowers.Bert, 2);
        using var folder = new CheckpointFolder().Json("config.json", TinyTowers.BertConfig());
        File.WriteAllBytes(
            folder["model.onnx"],
            OnnxExport.Bert(PublishedState.HuggingFaceBert(original.NamedState(), "bert.", "bert."), 4, storage)
        );
        Load(folder.Path, "bert", new BertTextOptions { ImageSize = 32, ContextLength = 16 }, original, tolerance);
    }

    [Fact]
    public void An_export_in_its_own_folder_takes_configuration_and_vocabulary_from_above()
    {
        using var scope = NewDisposeScope();
        using var original = TinyTowers.Random("bert", TinyTowers.Bert, 2);
        using var folder = new CheckpointFolder().Json("config.json", TinyTowers.BertConfig());
        Directory.CreateDirectory(folder["onnx"]);
        File.WriteAllBytes(
            Path.Combine(folder["onnx"], "model.onnx"),
            OnnxExport.Bert(PublishedState.HuggingFaceBert(original.NamedState(), "bert.", "bert."), 0)
        );
        foreach (var path in (string[])[folder.Path, Path.Combine(folder["onnx"], "model.onnx")])
        {
            using var source = PretrainedSource.Open(path);
            source.Folder.ShouldBe(folder.Path);
            source.Towers.Bert!.Heads.ShouldBe(4);
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void A_residual_network_whose_weights_have_no_names(bool bottleneck, bool merged)
    {
        using var scope = NewDisposeScope();
        var shape = TinyTowers.ResNet with { Image = TinyTowers.ResNet.Image with { Bottleneck = bottleneck, Blocks = [2, 1, 3] } };
        using var original = TinyTowers.Random("resnet", shape, 3);
        using var folder = new CheckpointFolder().Json(
            "preprocessor_config.json",
            new { image_mean = new[] { 0.1, 0.2, 0.3 }, image_std = new[] { 0.4, 0.5, 0.6 } }
        );
        File.WriteAllBytes(
            folder["export.onnx"],
            OnnxExport.ResNet(PublishedState.TorchvisionResNet(original.NamedState(), "image."), merged)
        );

        var report = Load(folder["export.onnx"], "resnet", new ResNetClassifierOptions { ImageSize = 64 }, original, merged ? 1e-4 : 0);

        report.Ignored.Select(ignored => ignored.Key).ShouldBe(["fc.weight"]);
        using var source = PretrainedSource.Open(folder["export.onnx"]);
        source.Towers.ResNet!.Blocks.ShouldBe([2, 1, 3]);
        source.Towers.PixelMean.ShouldBe([0.1, 0.2, 0.3]);
        source.Towers.PixelDeviation.ShouldBe([0.4, 0.5, 0.6]);
    }

    private static PretrainedReport Load(string path, string system, ModelOptions preset, ProductModel original, double tolerance = 0)
    {
        using var source = PretrainedSource.Open(path);
        using var model = TinyTowers.Random(system, PretrainedLoader.Configure(system, preset, source), 99);
        var report = PretrainedLoader.Initialize(model, source);
        report.Unmatched.ShouldBeEmpty();
        TinyTowers.ShouldComputeTheSame(model, original, tolerance);
        return report;
    }
}
