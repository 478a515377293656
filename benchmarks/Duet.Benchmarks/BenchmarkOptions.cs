// The benchmark's settings.
using System.Globalization;

namespace Duet.Benchmarks;

/// <summary>What is timed, and for how long.</summary>
internal sealed record BenchmarkOptions
{
    /// <summary>Training and inference beside PyTorch, inference beside ONNX Runtime, the preparation of pictures, or one product through a
    /// warm model.</summary>
    public string What { get; init; } = "peers";

    public string Preset { get; init; } = "small";

    public int Batch { get; init; } = 64;

    public int Length { get; init; } = 16;

    public int Threads { get; init; } = 2;

    public int Rounds { get; init; } = 3;

    public double Seconds { get; init; } = 8;

    public string Python { get; init; } = "/usr/bin/python3";

    /// <summary>Where networks for ONNX Runtime are exported to, and found again; a temporary folder where empty.</summary>
    public string Onnx { get; init; } = string.Empty;

    /// <summary>A folder of pictures; the shared catalogue's where empty.</summary>
    public string Pictures { get; init; } = string.Empty;

    public int Count { get; init; } = 200;

    /// <summary>The trained model whose answers are timed.</summary>
    public string RunFolder { get; init; } = string.Empty;

    public static BenchmarkOptions Parse(string[] arguments)
    {
        var options = new BenchmarkOptions();
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            var value = arguments[i + 1];
            options = arguments[i] switch
            {
                "--what" => options with { What = value },
                "--onnx" => options with { Onnx = value },
                "--pictures" => options with { Pictures = value },
                "--run" => options with { RunFolder = value },
                "--count" => options with { Count = Whole(value) },
                "--preset" => options with { Preset = value },
                "--batch" => options with { Batch = Whole(value) },
                "--length" => options with { Length = Whole(value) },
                "--threads" => options with { Threads = Whole(value) },
                "--rounds" => options with { Rounds = Whole(value) },
                "--seconds" => options with { Seconds = double.Parse(value, CultureInfo.InvariantCulture) },
                "--python" => options with { Python = value },
                var name => throw new ArgumentException($"There is no option {name}.", nameof(arguments)),
            };
        }

        return options;
    }

    /// <summary>Every seventh picture of the folder, at most as many as asked for.</summary>
    public string[] Photos()
    {
        var folder = Pictures.Length > 0 ? Pictures : Path.Combine(Repository.Root(), "..", "shared", "data", "fashion", "images");
        string[] photos = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Where((_, i) => i % 7 == 0).Take(Count)];
        return photos.Length > 0
            ? photos
            : throw new InvalidOperationException($"{folder} holds no pictures; name a folder with --pictures.");
    }

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
