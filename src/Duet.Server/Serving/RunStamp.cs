// When the files of a run last changed.
using System.Globalization;

namespace Duet.Server.Serving;

/// <summary>Names, sizes and times of the files that make a model, in one text.</summary>
/// <param name="Text">The text; compared only.</param>
internal sealed record RunStamp(string Text)
{
    private static readonly string[] Files =
    [
        "model.safetensors",
        "labels.json",
        "config.yaml",
        "features.json",
        "calibration.json",
        "tokenizer.json",
    ];

    /// <summary>Looks at a run folder.</summary>
    public static RunStamp Of(string folder) =>
        new(
            string.Join(
                '\n',
                Files
                    .Select(name => new FileInfo(Path.Combine(folder, name)))
                    .Where(file => file.Exists)
                    .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks}"))
            )
        );
}
