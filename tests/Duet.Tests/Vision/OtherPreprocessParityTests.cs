// The recipes of image towers other than OpenAI's CLIP against the published implementations.
using System.Globalization;
using System.Text.RegularExpressions;
using Duet.Tests.Fixtures;
using Duet.Torch.Safetensors;
using Duet.Vision;

namespace Duet.Tests.Vision;

/// <summary>Walks every fixture folder of kind <c>other-preprocess</c>.</summary>
public sealed partial class OtherPreprocessParityTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [SkippableFact]
    public void Every_recorded_tensor_is_met()
    {
        foreach (var folder in FixtureFolders.OfKind("other-preprocess"))
        {
            using var outputs = SafetensorsFile.Open(folder.File("outputs.safetensors"));
            var comparison = new PixelComparison(output);
            foreach (var entry in outputs.Entries)
            {
                var parts = entry.Name.Split('|');
                var match = Recipe().Match(parts[1]);
                match.Success.ShouldBeTrue($"unknown tensor {entry.Name} in {folder.FullPath}");
                var preprocessor = new Preprocessor(RecipeOf(match));
                var image = new ImageDecoder().DecodeRaster(folder.File("images", parts[0]));
                comparison.Floats(
                    entry.Name,
                    preprocessor,
                    preprocessor.ToRgb8(image),
                    outputs.ReadFloat32(entry.Name),
                    PixelComparison.GreyLevel(preprocessor.Recipe),
                    mean: 0.001
                );
            }

            comparison.Finish(folder.Name, outputs.Entries.Count);
        }
    }

    private static ImagePreprocessing RecipeOf(Match match)
    {
        var sizes = match.Groups["sizes"].Captures.Select(c => int.Parse(c.Value, CultureInfo.InvariantCulture)).ToArray();
        return match.Groups["family"].Value switch
        {
            "open_clip" => OpenClip(match, sizes[0]),
            "vit_hf" => ImagePreprocessing.HuggingFaceVit(sizes[0]),
            "mmbt" => sizes.Length == 2 ? ImagePreprocessing.Mmbt(sizes[0], sizes[1]) : ImagePreprocessing.Mmbt(size: sizes[0]),
            _ => sizes.Length == 2 ? ImagePreprocessing.ImageNet(sizes[0], sizes[1]) : ImagePreprocessing.ImageNet(size: sizes[0]),
        };
    }

    private static ImagePreprocessing OpenClip(Match match, int size)
    {
        var resize = Enum.Parse<ResizeMode>(match.Groups["resize"].Value, ignoreCase: true);
        var interpolation = Enum.Parse<Interpolation>(match.Groups["filter"].Value, ignoreCase: true);
        ChannelValues? half = resize == ResizeMode.Squash ? ChannelValues.All(0.5f) : null;
        return ImagePreprocessing.OpenClip(size, resize, interpolation, half, half);
    }

    [GeneratedRegex(
        "^(?<family>open_clip|vit_hf|mmbt|imagenet)(_(?<resize>shortest|longest|squash)_(?<filter>bicubic|bilinear))?(_(?<sizes>[0-9]+))+$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Recipe();
}
