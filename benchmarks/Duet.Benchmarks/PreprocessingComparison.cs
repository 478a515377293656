// Fast beside exact preparation of pictures: how far apart the pixels are, and how much faster it is.
using System.Diagnostics;
using System.Globalization;
using Duet.Data;
using Duet.Inference;
using Duet.Models;
using Duet.Vision;

namespace Duet.Benchmarks;

/// <summary>Prepares pictures both ways, in turns, on one thread, and compares pixels and rates.</summary>
internal static class PreprocessingComparison
{
    private const int MosaicSide = 6;

    public static int Run(BenchmarkOptions options)
    {
        var photos = options.Photos();
        var mosaics = Directory.CreateTempSubdirectory("duet-mosaics-");
        try
        {
            var large = Mosaics(photos, mosaics.FullName);
            Console.WriteLine(
                "| pictures | model's size | recipe | exact, pictures/s | fast, pictures/s | ratio | mean difference | 99 % of pixels "
                    + "below | largest |"
            );
            Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
            foreach (
                var (name, files) in ((string, string[])[])[("photos", photos), ($"mosaics of {MosaicSide * MosaicSide} photos", large)]
            )
            {
                foreach (var size in (int[])[64, 224])
                {
                    Compare(name, files, size, "CLIP: shorter side bicubic, centre", new PicturePreprocessing(), options.Rounds);
                }

                Compare(
                    name,
                    files,
                    224,
                    "ViT: squashed bilinearly",
                    new()
                    {
                        Resize = ResizeMode.Squash,
                        Interpolation = Interpolation.Bilinear,
                        RgbFirst = true,
                    },
                    options.Rounds
                );
            }
        }
        finally
        {
            mosaics.Delete(recursive: true);
        }

        return 0;
    }

    private static void Compare(string pictures, string[] files, int size, string title, PicturePreprocessing recipe, int rounds)
    {
        var options = new ClipOptions { ImageSize = size, Preprocessing = recipe };
        var (exact, fast) = (Pipeline(options, PreprocessingMode.Exact), Pipeline(options, PreprocessingMode.Fast));
        var counts = new long[256];
        var (one, other) = (new byte[3 * size * size], new byte[3 * size * size]);
        foreach (var file in files)
        {
            exact.Prepare(file, one);
            fast.Prepare(file, other);
            for (var i = 0; i < one.Length; i++)
            {
                counts[Math.Abs(one[i] - other[i])]++;
            }
        }

        var (exactRates, fastRates) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            exactRates.Add(Rate(exact, files, one));
            fastRates.Add(Rate(fast, files, one));
        }

        var total = counts.Sum();
        var mean = counts.Select((count, difference) => (double)count * difference).Sum() / total;
        var (slow, quick) = (Median(exactRates), Median(fastRates));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {pictures} | {size} | {title} | {slow:0} | {quick:0} | {quick / slow:0.0} | {mean:0.00} | "
                    + $"{Quantile(counts, 0.99)} | {Array.FindLastIndex(counts, count => count > 0)} |"
            )
        );
    }

    private static PicturePipeline Pipeline(ModelOptions options, PreprocessingMode mode) =>
        new(ModelInputs.Pictures(options with { Preprocessing = options.Preprocessing with { Mode = mode } }));

    private static double Rate(PicturePipeline pipeline, string[] files, byte[] pixels)
    {
        var clock = Stopwatch.StartNew();
        foreach (var file in files)
        {
            pipeline.Prepare(file, pixels);
        }

        return files.Length / clock.Elapsed.TotalSeconds;
    }

    private static int Quantile(long[] counts, double share)
    {
        var (wanted, seen, level) = (share * counts.Sum(), 0.0, 0);
        while ((seen += counts[level]) < wanted)
        {
            level++;
        }

        return level;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    // Large pictures with the detail of real ones.
    private static string[] Mosaics(string[] photos, string folder)
    {
        var decoder = new ImageDecoder();
        var files = new List<string>();
        const int tiles = MosaicSide * MosaicSide;
        foreach (var (index, group) in photos.Chunk(tiles).Where(group => group.Length == tiles).Index())
        {
            var decoded = group.Select(decoder.Decode).ToArray();
            var (width, height) = (decoded[0].Width, decoded[0].Height);
            var canvas = new byte[3 * width * height * tiles];
            for (var tile = 0; tile < tiles; tile++)
            {
                var picture =
                    decoded[tile].Width == width && decoded[tile].Height == height
                        ? decoded[tile]
                        : PillowResampler.Resize(decoded[tile], width, height, Interpolation.Bicubic);
                for (var row = 0; row < height; row++)
                {
                    var to = ((((tile / MosaicSide * height) + row) * MosaicSide) + (tile % MosaicSide)) * width * 3;
                    picture.Pixels.AsSpan(row * width * 3, width * 3).CopyTo(canvas.AsSpan(to));
                }
            }

            files.Add(Path.Combine(folder, $"{index}.jpg"));
            ImageEncoder.WriteJpeg(new RgbImage(width * MosaicSide, height * MosaicSide, canvas), files[^1]);
        }

        return [.. files];
    }
}
