// The benchmark's settings.
using System.Globalization;

namespace Duet.Benchmarks;

/// <summary>What is timed, and for how long.</summary>
internal sealed record BenchmarkOptions
{
    /// <summary>Beside PyTorch, or the preparation of pictures.</summary>
    public string What { get; init; } = "peers";

    public string Preset { get; init; } = "small";

    public int Batch { get; init; } = 64;

    public int Length { get; init; } = 16;

    public int Threads { get; init; } = 2;

    public int Rounds { get; init; } = 3;

    public double Seconds { get; init; } = 8;

    public string Python { get; init; } = "/usr/bin/python3";

    /// <summary>A folder of pictures; the shared catalogue's where empty.</summary>
    public string Pictures { get; init; } = string.Empty;

    public int Count { get; init; } = 200;

    public static BenchmarkOptions Parse(string[] arguments)
    {
        var options = new BenchmarkOptions();
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            var value = arguments[i + 1];
            options = arguments[i] switch
            {
                "--what" => options with { What = value },
                "--pictures" => options with { Pictures = value },
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

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
