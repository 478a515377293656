// Says where a folder of starter weights came from.
using System.Text.Json;
using Duet.Torch.Safetensors;

namespace Duet.Models.Pretrained.Starter;

/// <summary>The file <c>SOURCE.json</c> of a folder, and the licences in <c>LICENSE.txt</c>.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Title">What it is.</param>
/// <param name="Package">The package.</param>
/// <param name="Version">Its version.</param>
/// <param name="Sha256">The hash of the <c>.nupkg</c>.</param>
/// <param name="Feed">The source it came from.</param>
/// <param name="Conversion">The number of the conversion that made the folder.</param>
/// <param name="Licenses">The licences.</param>
/// <param name="Files">SHA-256 of the files by name.</param>
internal sealed record StarterRecord(
    string Model,
    string Title,
    string Package,
    string Version,
    string Sha256,
    string Feed,
    int Conversion,
    IReadOnlyList<StarterLicense> Licenses,
    IReadOnlyDictionary<string, string> Files
)
{
    internal const string FileName = "SOURCE.json";
    internal const string LicenseName = "LICENSE.txt";

    // Goes up when a conversion writes something else, so that older folders are made anew.
    private const int Current = 1;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Whether a folder holds a model whole, made from the pinned package by this version's conversion.</summary>
    internal static bool IsIn(string folder, StarterModel model)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            var record = JsonSerializer.Deserialize<StarterRecord>(File.ReadAllBytes(path), Json);
            return record is { Conversion: Current, Files: not null }
                && string.Equals(record.Sha256, model.Package.Sha256, StringComparison.Ordinal)
                && record.Files.Keys.All(name => File.Exists(Path.Combine(folder, name)));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Writes record and licences into a folder that a conversion has filled.</summary>
    internal static void Write(string folder, StarterModel model, string feed)
    {
        AtomicFile.WriteText(Path.Combine(folder, LicenseName), LicenseText(model));
        var files = Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(folder, path).Replace('\\', '/'), HashOf, StringComparer.Ordinal);
        var record = new StarterRecord(
            model.Name,
            model.Title,
            model.Package.Id,
            model.Package.Version,
            model.Package.Sha256,
            feed,
            Current,
            model.Licenses,
            new SortedDictionary<string, string>(files, StringComparer.Ordinal)
        );
        AtomicFile.WriteText(Path.Combine(folder, FileName), JsonSerializer.Serialize(record, Json) + "\n");
    }

    private static string LicenseText(StarterModel model) =>
        string.Concat([
            $"{model.Name}: {model.Title}\n",
            $"Converted from the NuGet package {model.Package.Id} {model.Package.Version}; see {FileName}.\n",
            .. model.Licenses.Select(license =>
                $"\nThe {license.Of}: {license.Identifier} "
                + $"(https://spdx.org/licenses/{license.Identifier}.html)\n{license.Holder}\n{license.Address}\n"
            ),
        ]);

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file));
    }
}
