// What two runs are compared by.
using System.Text.Json.Nodes;
using Duet.Runs;

namespace Duet.Tests.Training;

internal static class RunResults
{
    private static readonly string[] Times = ["seconds", "samples_per_second"];

    /// <summary>The metrics without what depends on the clock.</summary>
    public static List<string> Metrics(string run) =>
        [
            .. File.ReadLines(new RunFolder(run).MetricsFile)
                .Select(line =>
                {
                    var entry = JsonNode.Parse(line)!.AsObject();
                    foreach (var time in Times)
                    {
                        entry.Remove(time).ShouldBeTrue();
                    }

                    return entry.ToJsonString();
                }),
        ];

    public static byte[] Weights(string run) => File.ReadAllBytes(new RunFolder(run).WeightsFile);

    public static void ShouldBeTheSameRun(string actual, string expected)
    {
        Metrics(actual).ShouldBe(Metrics(expected));
        Weights(actual).AsSpan().SequenceEqual(Weights(expected)).ShouldBeTrue("the weights differ");
    }

    /// <summary>The folder as it would be found after a kill at this moment.</summary>
    public static void CopyTo(string run, string copy)
    {
        foreach (var file in Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(run, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (string.Equals(Path.GetFileName(file), ".training", StringComparison.Ordinal))
            {
                // Held by the process that trains; a kill leaves it there, empty and free.
                File.WriteAllBytes(target, []);
                continue;
            }

            File.Copy(file, target);
        }
    }

    public static List<string> Checkpoints(string run) =>
        [.. Directory.EnumerateDirectories(new RunFolder(run).CheckpointFolder).Order(StringComparer.Ordinal)];
}
