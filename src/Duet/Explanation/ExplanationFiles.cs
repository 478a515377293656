// An explanation as files: overlays and one JSON.
using System.Globalization;
using System.Text;
using Duet.Torch.Safetensors;
using Duet.Vision;

namespace Duet.Explanation;

/// <summary>Writes explanations into a folder.</summary>
public static class ExplanationFiles
{
    /// <summary>The JSON's name.</summary>
    public const string JsonName = "explanation.json";

    private const int MaxWordMaps = 32;

    /// <summary>
    /// Writes <c>picture.png</c>, <c>TASK-METHOD.png</c>, <c>words-METHOD-NN.png</c> (the patches that word NN looks at, the first 32
    /// words) and
    /// <c>explanation.json</c>, each in one step; the folder is made where it is not there.
    /// </summary>
    /// <param name="explanation">The explanation.</param>
    /// <param name="folder">The folder.</param>
    /// <returns>The explanation with the overlays' names in it, as the JSON has it.</returns>
    /// <exception cref="IOException">Writing failed.</exception>
    public static ProductExplanation Write(ProductExplanation explanation, string folder)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Directory.CreateDirectory(folder);
        if (explanation.Picture is { } picture)
        {
            ImageEncoder.WritePng(picture, Path.Combine(folder, "picture.png"));
            explanation = explanation with
            {
                Tasks = [.. explanation.Tasks.Select((task, number) => Draw(task, number, explanation.Tasks, picture, folder))],
            };
            foreach (var maps in explanation.WordMaps)
            {
                Draw(maps, picture, folder);
            }
        }

        AtomicFile.WriteText(Path.Combine(folder, JsonName), explanation.ToJson() + "\n");
        return explanation;
    }

    private static TaskExplanation Draw(
        TaskExplanation task,
        int number,
        IReadOnlyList<TaskExplanation> all,
        RgbImage picture,
        string folder
    )
    {
        // Two names may differ in characters only that no file name keeps.
        var name = FileName(task.Task);
        name =
            all.Count(other => string.Equals(FileName(other.Task), name, StringComparison.OrdinalIgnoreCase)) > 1
                ? FormattableString.Invariant($"{name}-{number + 1}")
                : name;
        return task with
        {
            Attributions =
            [
                .. task.Attributions.Select(attribution =>
                {
                    if (attribution.Patches is not { } patches)
                    {
                        return attribution;
                    }

                    var file = $"{name}-{MethodName(attribution.Method)}.png";
                    ImageEncoder.WritePng(Overlay.Draw(picture, patches), Path.Combine(folder, file));
                    return attribution with { Overlay = file };
                }),
            ],
        };
    }

    private static void Draw(WordMaps maps, RgbImage picture, string folder)
    {
        for (var word = 0; word < Math.Min(MaxWordMaps, maps.Maps.Count); word++)
        {
            if (maps.Maps[word] is { } map)
            {
                var file = string.Create(CultureInfo.InvariantCulture, $"words-{MethodName(maps.Method)}-{word + 1:00}.png");
                ImageEncoder.WritePng(Overlay.Draw(picture, map), Path.Combine(folder, file));
            }
        }
    }

    /// <summary>A method's name on the command line and in file names, for instance <c>integrated-gradients</c>.</summary>
    public static string MethodName(ExplanationMethod method) =>
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(method.ToString());

    // Task names come from tables and may hold anything; only letters, digits, '-' and '_' reach the disk.
    private static string FileName(string task)
    {
        var name = new StringBuilder();
        foreach (var character in task.Take(64))
        {
            name.Append(char.IsLetterOrDigit(character) || character is '-' or '_' ? character : '_');
        }

        return name.Length == 0 ? "task" : name.ToString();
    }
}
