// One tiny trained run, shared by all tests of the command line.
using Duet.Data;

namespace Duet.Cli.Tests;

/// <summary>A tiny catalogue and a model trained on it through <c>duet train</c>, never interrupted.</summary>
public sealed class TrainedRun : IDisposable
{
    public TrainedRun()
    {
        SyntheticCatalog.Write(Catalogue, new SyntheticOptions { Count = 160, ImageSize = 48 });
        Train("run").ShouldEndWith(0);
    }

    /// <summary>A folder of its own; commands run in it.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("duet-cli-").FullName;

    /// <summary>The catalogue's folder.</summary>
    public string Catalogue => Path.Combine(Folder, "catalogue");

    /// <summary>The catalogue's table, relative to <see cref="Folder"/>.</summary>
    public static string Table => Path.Combine("catalogue", "products.csv");

    /// <summary>The weights of a run.</summary>
    public string Weights(string run) => Path.Combine(Folder, run, "model.safetensors");

    internal static string[] TrainArguments(string run, int epochs = 3, params string[] more) =>
        [
            "train",
            "--data",
            Table,
            "--text",
            "title",
            "--image",
            "image",
            "--task",
            "category",
            "--task",
            "color",
            "--split-column",
            "split",
            "--preset",
            "tiny",
            "--epochs",
            $"{epochs}",
            "--batch-size",
            "16",
            "--threads",
            "1",
            "--set",
            "checkpoint_minutes=0.01",
            "--output",
            run,
            .. more,
        ];

    internal CliResult Train(string run, params string[] more) => CliProcess.Run(Folder, TrainArguments(run, more: more));

    internal CliResult Run(params string[] arguments) => CliCall.Run(Folder, arguments);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
