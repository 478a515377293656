// SigLIP's and SigLIP 2's pictures against Hugging Face's and open_clip's recipes.
using System.Globalization;
using System.Text.Json;
using Duet.Tests.Fixtures;
using Duet.Torch.Safetensors;
using Duet.Vision;

namespace Duet.Tests.Vision;

/// <summary>Walks every fixture folder of kind <c>siglip-preprocess</c>.</summary>
public sealed class SigLipPreprocessParityTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const string Kind = "siglip-preprocess";
    private static readonly ChannelValues Half = ChannelValues.All(0.5f);

    [SkippableFact]
    public void Every_recorded_tensor_is_met()
    {
        foreach (var folder in FixtureFolders.OfKind(Kind))
        {
            using var outputs = SafetensorsFile.Open(folder.File("outputs.safetensors"));
            var comparison = new PixelComparison(output);
            foreach (var entry in outputs.Entries)
            {
                var parts = entry.Name.Split('|');
                Compare(comparison, outputs, entry.Name, folder.File("images", parts[0]), parts[1]);
            }

            comparison.Finish(folder.Name, outputs.Entries.Count);
        }
    }

    [SkippableFact]
    public void Sizes_in_patches_are_those_of_the_published_search()
    {
        foreach (var folder in FixtureFolders.OfKind(Kind))
        {
            foreach (var item in folder.Json("naflex_sizes.json").EnumerateArray())
            {
                int Value(string name) => item.GetProperty(name).GetInt32();
                var recipe = new NaflexPreprocessing { PatchSize = Value("patch_size"), MaxPatches = Value("max_num_patches") };
                var (height, width) = recipe.TargetSize(Value("height"), Value("width"));
                int[] target = [.. item.GetProperty("target").EnumerateArray().Select(side => side.GetInt32())];
                target.ShouldBe([height, width], item.GetRawText());
            }
        }
    }

    private static void Compare(PixelComparison comparison, SafetensorsFile outputs, string name, string file, string what)
    {
        // The published tolerances; lossy files leave room for another build of the decoder.
        var (grey, mean) = Path.GetExtension(file) is ".jpg" or ".jpeg" or ".webp" ? (3, 0.02) : (1, 0.001);
        var image = new ImageDecoder().DecodeRaster(file);
        var number = what.Split('_').Where(part => int.TryParse(part, out _)).Select(part => int.Parse(part, CultureInfo.InvariantCulture));
        int[] sizes = [.. number];
        if (what == "rgb_uint8")
        {
            comparison.Bytes(name, image.ToRgbLikePillow().Pixels, outputs.Bytes(name), grey, mean * 127.5);
        }
        else if (what.StartsWith("naflex_", StringComparison.Ordinal))
        {
            Naflex(comparison, outputs, name, image.ToRgbLikePillow(), new() { PatchSize = sizes[0], MaxPatches = sizes[1] }, grey, mean);
        }
        else if (what.StartsWith("load_image_then_", StringComparison.Ordinal))
        {
            var upright = new ImageDecoder(new DecodeOptions()).Decode(file);
            var bytes = Recipe(what["load_image_then_".Length..], sizes[0]).ToRgb8(upright);
            comparison.Bytes(name, PixelComparison.Interleaved(bytes), outputs.Bytes(name), grey, mean * 127.5);
        }
        else
        {
            var preprocessor = Recipe(what, sizes[0]);
            var prepared = preprocessor.ToRgb8(image);
            if (what.EndsWith("_uint8", StringComparison.Ordinal))
            {
                comparison.Bytes(name, PixelComparison.Interleaved(prepared), outputs.Bytes(name), grey, mean * 127.5);
            }
            else
            {
                comparison.Floats(name, preprocessor, prepared, outputs.ReadFloat32(name), grey / 127.4, mean);
            }
        }
    }

    private static Preprocessor Recipe(string what, int size) =>
        new(
            what.Split('_')[0] switch
            {
                "siglip" => ImagePreprocessing.SigLip(size),
                "siglip2" => ImagePreprocessing.SigLip(size, Interpolation.Bilinear),
                "open" => ImagePreprocessing.OpenClip(size, ResizeMode.Squash, Interpolation.Bicubic, Half, Half),
                _ => throw new JsonException($"unknown tensor {what}"),
            }
        );

    private static void Naflex(
        PixelComparison comparison,
        SafetensorsFile outputs,
        string name,
        RgbImage image,
        NaflexPreprocessing recipe,
        double grey,
        double mean
    )
    {
        var resized = recipe.Resize(image);
        var patches = recipe.Cut(resized);
        var length = 3 * recipe.PatchSize * recipe.PatchSize;
        var shape = outputs.Get(name).Shape;
        if (name.EndsWith("_shape", StringComparison.Ordinal))
        {
            byte[] found = [(byte)(resized.Height / recipe.PatchSize), (byte)(resized.Width / recipe.PatchSize)];
            comparison.Bytes(name, found, Integers(outputs, name), 0, 0);
        }
        else if (name.EndsWith("_mask", StringComparison.Ordinal))
        {
            byte[] mask = [.. Enumerable.Range(0, (int)shape[0]).Select(patch => (byte)(patch * length < patches.Length ? 1 : 0))];
            comparison.Bytes(name, mask, Integers(outputs, name), 0, 0);
        }
        else
        {
            // What is missing is zero after normalization: between the grey levels 127 and 128.
            var values = new float[shape[0] * shape[1]];
            for (var i = 0; i < patches.Length; i++)
            {
                values[i] = ((float)(patches[i] * (1 / 255.0)) - 0.5f) / 0.5f;
            }

            comparison.Values(name, values, outputs.ReadFloat32(name), grey / 127.4, mean);
        }
    }

    private static byte[] Integers(SafetensorsFile outputs, string name) =>
        [.. System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(outputs.Bytes(name)).ToArray().Select(value => (byte)value)];
}
