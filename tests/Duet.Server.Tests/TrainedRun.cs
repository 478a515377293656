// One small run, trained and calibrated through the command line, for all tests of the service.
using System.Text.Json;
using System.Text.Json.Nodes;
using Duet.Data;

namespace Duet.Server.Tests;

/// <summary>A drawn catalog and a calibrated model of it.</summary>
public sealed class TrainedRun : IDisposable
{
    public TrainedRun()
    {
        SyntheticCatalog.Write(Path.Combine(Root, "catalog"), new SyntheticOptions { Count = 400, ImageSize = 48 });
        CliProcess
            .Run(
                Root,
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
                "2",
                "--batch-size",
                "16",
                "--threads",
                "1",
                "--output",
                "run"
            )
            .ShouldEndWith(0);
        CliProcess.Run(Root, "calibrate", "run", "--data", Table, "--precision", "0.5").ShouldEndWith(0);
        Products = [.. File.ReadLines(Path.Combine(Root, Table)).Skip(1).Take(20).Select(Product)];
    }

    /// <summary>A folder of its own.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("duet-server-").FullName;

    /// <summary>The run folder.</summary>
    public string Folder => Path.Combine(Root, "run");

    /// <summary>The first products of the catalog: picture file and title.</summary>
    public IReadOnlyList<(string Image, string Title)> Products { get; }

    private static string Table => Path.Combine("catalog", "products.csv");

    /// <summary>What <c>duet predict --json</c> says about a product.</summary>
    public JsonObject Predict(string? image, string? title)
    {
        string[] what = [.. image is null ? (string[])[] : ["--image", image], .. title is null ? (string[])[] : ["--text", title]];
        return JsonNode.Parse(CliProcess.Run(Root, ["predict", Folder, "--json", .. what]).ShouldEndWith(0).Output)!.AsObject();
    }

    /// <summary>A copy of the run folder.</summary>
    public string Copy()
    {
        var copy = Path.Combine(Root, Path.GetRandomFileName());
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(Folder))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private (string Image, string Title) Product(string line)
    {
        var cells = line.Split(',');
        return (Path.Combine(Root, "catalog", cells[1]), cells[2]);
    }
}
