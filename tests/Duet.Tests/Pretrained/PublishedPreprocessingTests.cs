// Picture recipes from published files, and that runs prepare pictures by them.
using System.Text.Json;
using Duet.Inference;
using Duet.Models;
using Duet.Models.Pretrained;
using Duet.Runs;
using Duet.Tests.Vision;
using Duet.Torch;
using Duet.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Pretrained;

[Collection(RandomNumbersCollection.Name)]
public sealed class PublishedPreprocessingTests
{
    private static readonly PicturePreprocessing Exact = new() { Mode = PreprocessingMode.Exact, RgbFirst = true };

    public static TheoryData<string, PicturePreprocessing> Files =>
        new()
        {
            { """{"do_resize":true,"size":224,"do_center_crop":true,"crop_size":224,"resample":3}""", Exact },
            {
                """{"size":{"shortest_edge":256},"do_center_crop":true,"crop_size":{"height":224,"width":224},"resample":2,"do_convert_rgb":false}""",
                Exact with
                {
                    RgbFirst = false,
                    CropFraction = 0.875,
                    Interpolation = Interpolation.Bilinear,
                }
            },
            {
                """{"size":{"height":224,"width":224},"resample":2}""",
                Exact with
                {
                    Resize = ResizeMode.Squash,
                    Interpolation = Interpolation.Bilinear,
                }
            },
            { """{"size":224,"resample":3,"crop_pct":0.875}""", Exact with { CropFraction = 0.875 } },
            { """{"size":384,"resample":3}""", Exact with { Resize = ResizeMode.Squash } },
            { """{"do_resize":false}""", Exact with { Resize = ResizeMode.None } },
            { "{}", Exact },
        };

    [Theory]
    [MemberData(nameof(Files))]
    public void Hugging_face_files(string text, PicturePreprocessing expected)
    {
        using var folder = new Data.TemporaryFolder();
        PublishedPreprocessing
            .HuggingFace(ConfigurationReader.Open(folder.Write("preprocessor_config.json", text)), new())
            .ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"resample":5}""", "resample")]
    [InlineData("""{"size":{"longest_edge":224}}""", "size")]
    public void What_is_not_known_is_refused_by_name(string text, string named)
    {
        using var folder = new Data.TemporaryFolder();
        Should
            .Throw<PretrainedException>(() =>
                PublishedPreprocessing.HuggingFace(ConfigurationReader.Open(folder.Write("preprocessor_config.json", text)), new())
            )
            .Message.ShouldContain(named);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(PreprocessingMode.Fast)]
    public void An_imported_run_prepares_pictures_as_its_weights_learned(PreprocessingMode? mode)
    {
        using var scope = NewDisposeScope();
        using var checkpoint = new CheckpointFolder()
            .Json("config.json", TinyTowers.VitConfig)
            .Json(
                "preprocessor_config.json",
                new
                {
                    size = 24,
                    resample = 2,
                    image_mean = new[] { 0.5, 0.5, 0.5 },
                    image_std = new[] { 0.5, 0.5, 0.5 },
                }
            );
        using (var network = TinyTowers.Random("vit", TinyTowers.Vit, 3))
        {
            checkpoint.Weights(PublishedState.HuggingFaceVit(network.NamedState(), "vit."));
        }

        using var output = new Data.TemporaryFolder();
        using (var source = PretrainedSource.Open(checkpoint.Path))
        {
            PretrainedImport.Run(source, output["run"], mode: mode);
        }

        using var model = DuetModel.Load(output["run"], new ModelUseOptions { Threads = 1 });
        ImageEncoder.WriteJpeg(TestPictures.Draw(200, 120, seed: 5), output["a.jpg"]);
        var prepared = new ProductPreparation(model.Inputs, model.Tokenizer)
            .Prepare(ProductInput.Of(output["a.jpg"], null))
            .Picture!.Pixels;
        var exact = new Preprocessor(ImagePreprocessing.HuggingFaceVit(24)).ToRgb8(new ImageDecoder().DecodeRaster(output["a.jpg"]));
        var difference = prepared.Zip(exact, (a, b) => Math.Abs(a - b)).ToList();
        if (mode is null)
        {
            difference.Max().ShouldBe(0);
        }
        else
        {
            difference.Average().ShouldBeInRange(0.001, 3);
        }

        // The choice can be changed where the run is used.
        using var changed = DuetModel.Load(output["run"], new ModelUseOptions { Threads = 1, Preprocessing = PreprocessingMode.Exact });
        new ProductPreparation(changed.Inputs, changed.Tokenizer)
            .Prepare(ProductInput.Of(output["a.jpg"], null))
            .Picture!.Pixels.ShouldBe(exact);
    }
}
