// One folder of published ground truth: its files and its config.json.
using System.Text.Json;

namespace Duet.Tests.Fixtures;

/// <summary>A fixture folder and its parsed <c>config.json</c>.</summary>
public sealed class FixtureFolder
{
    /// <summary>Reads the folder's configuration.</summary>
    public FixtureFolder(string path)
    {
        FullPath = path;
        Config = Json("config.json");
    }

    /// <summary>The folder's full path.</summary>
    public string FullPath { get; }

    /// <summary>The folder's own name.</summary>
    public string Name => Path.GetFileName(FullPath);

    /// <summary>The content of <c>config.json</c>.</summary>
    public JsonElement Config { get; }

    /// <summary>The full path of a file in the folder.</summary>
    public string File(params string[] parts) => Path.Combine([FullPath, .. parts]);

    /// <summary>A JSON file in the folder.</summary>
    public JsonElement Json(string name)
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(File(name)));
        return document.RootElement.Clone();
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
