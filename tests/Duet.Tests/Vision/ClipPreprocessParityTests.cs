// Decoding, resampling and preprocessing against what Pillow and torchvision made of the same files.
using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using Duet.Tests.Fixtures;
using Duet.Torch.Safetensors;
using Duet.Vision;

namespace Duet.Tests.Vision;

/// <summary>Walks every fixture folder of kind <c>clip-preprocess</c>.</summary>
public sealed partial class ClipPreprocessParityTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const double SmallestDeviation = 0.26;

    [SkippableFact]
    public void Every_recorded_tensor_is_met()
    {
        foreach (var folder in FixtureFolders.OfKind("clip-preprocess"))
        {
            using var outputs = SafetensorsFile.Open(folder.File("outputs.safetensors"));
            using var inputs = SafetensorsFile.Open(folder.File("inputs.safetensors"));
            var comparison = new PixelComparison(output);
            foreach (var entry in outputs.Entries)
            {
                var parts = entry.Name.Split('|');
                if (ResampleCase().Match(parts[1]) is { Success: true } match)
                {
                    CompareResampling(comparison, inputs, outputs, entry, parts[0], match);
                }
                else
                {
                    CompareFile(comparison, folder, outputs, entry, parts[0], parts[1]);
                }
            }

            comparison.Finish(folder.Name, outputs.Entries.Count);
        }
    }

    private static void CompareResampling(
        PixelComparison comparison,
        SafetensorsFile inputs,
        SafetensorsFile outputs,
        SafetensorsEntry entry,
        string source,
        Match match
    )
    {
        var shape = inputs.Get(source).Shape;
        var interpolation = Enum.Parse<Interpolation>(match.Groups["filter"].Value, ignoreCase: true);
        var window = ResizeWindow.Whole(Number(match, "width"), Number(match, "height"));
        var actual = PillowResampler.Resize(inputs.Bytes(source), (int)shape[1], (int)shape[0], (int)shape[2], window, interpolation);
        comparison.Bytes(entry.Name, actual, outputs.Bytes(entry.Name), largest: 0, mean: 0);
    }

    private static void CompareFile(
        PixelComparison comparison,
        FixtureFolder folder,
        SafetensorsFile outputs,
        SafetensorsEntry entry,
        string file,
        string what
    )
    {
        var image = new ImageDecoder().DecodeRaster(folder.File("images", file));
        var described = folder.Config.GetProperty("files").EnumerateArray().Single(f => f.GetProperty("file").GetString() == file);
        (image.Width, image.Height).ShouldBe((described.GetProperty("width").GetInt32(), described.GetProperty("height").GetInt32()), file);

        // The published tolerances; lossy files leave room for another build of the decoder.
        var (grey, mean) = IsLossy(File.ReadAllBytes(folder.File("images", file))) ? (3, 0.02) : (1, 0.001);
        if (what == "decoded_rgb_uint8")
        {
            comparison.Bytes(entry.Name, image.ToRgbLikePillow().Pixels, outputs.Bytes(entry.Name), grey, mean * 255 * SmallestDeviation);
            return;
        }

        var recipe = Recipe().Match(what);
        recipe.Success.ShouldBeTrue($"unknown tensor {entry.Name} in {folder.FullPath}");
        var preprocessor = new Preprocessor(RecipeOf(folder, recipe));
        var prepared = preprocessor.ToRgb8(image);
        if (recipe.Groups["bytes"].Success)
        {
            comparison.Bytes(
                entry.Name,
                PixelComparison.Interleaved(prepared),
                outputs.Bytes(entry.Name),
                grey,
                mean * 255 * SmallestDeviation
            );
            return;
        }

        comparison.Floats(
            entry.Name,
            preprocessor,
            prepared,
            outputs.ReadFloat32(entry.Name),
            grey * PixelComparison.GreyLevel(preprocessor.Recipe),
            mean
        );
    }

    // A JPEG, or a WebP with a lossy frame: a RIFF container whose chunks are a name, a length and content padded to even length.
    private static bool IsLossy(ReadOnlySpan<byte> file)
    {
        const int header = 8;
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return true;
        }

        if (file.Length < 12 || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WEBP"u8))
        {
            return false;
        }

        for (long at = 12; at + header <= file.Length; )
        {
            var chunk = file[(int)at..];
            if (chunk.StartsWith("VP8 "u8))
            {
                return true;
            }

            // A frame of an animation is a header of 16 bytes and chunks of its own.
            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            at += chunk.StartsWith("ANMF"u8) ? header + 16 : header + size + (size % 2);
        }

        return false;
    }

    private static ImagePreprocessing RecipeOf(FixtureFolder folder, Match match)
    {
        var first = Number(match, "first");
        return match.Groups["recipe"].Value == "clip"
            ? ImagePreprocessing.Clip(first) with
            {
                Mean = Channels(folder, "mean"),
                Deviation = Channels(folder, "std"),
            }
            : ImagePreprocessing.ImageNet(first, Number(match, "second")) with
            {
                Mean = Channels(folder, "imagenet_mean"),
                Deviation = Channels(folder, "imagenet_std"),
            };
    }

    private static ChannelValues Channels(FixtureFolder folder, string name)
    {
        var values = folder.Config.GetProperty(name);
        return new(values[0].GetSingle(), values[1].GetSingle(), values[2].GetSingle());
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("^(?<filter>bicubic|bilinear)_(?<width>[0-9]+)x(?<height>[0-9]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ResampleCase();

    [GeneratedRegex(
        "^(?<recipe>clip|imagenet)_(?<first>[0-9]+)(_(?<second>[0-9]+))?(?<bytes>_uint8)?$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Recipe();
}
