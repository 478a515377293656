// Finds and reads the comparison that a report shows.
using System.Text.Json;
using Duet.Runs;
using Duet.Studies.Comparison;

namespace Duet.Reports.Gathering;

/// <summary>Reads the <c>comparison.json</c> that was named, or the one of the comparison that the run is part of.</summary>
internal static class ComparisonSource
{
    private const string FileName = "comparison.json";
    private const long MaxBytes = 16 << 20;

    // Runs of a comparison are in OUTPUT/runs/SYSTEM/seed-N.
    private static readonly string Upwards = Path.Combine("..", "..", "..");

    /// <summary>The comparison to show; null where there is none.</summary>
    /// <param name="run">The report's run.</param>
    /// <param name="named">A file or a folder that was asked for; null to look around the run.</param>
    /// <param name="notes">Told where a comparison that was not asked for cannot be read.</param>
    /// <exception cref="RunException">The one that was named is missing or damaged.</exception>
    public static ShownComparison? Find(RunFolder run, string? named, List<string> notes)
    {
        if (named is not null)
        {
            return Read(Directory.Exists(named) ? Path.Combine(named, FileName) : named, run);
        }

        var around = Path.GetFullPath(Path.Combine(run.Path, Upwards, FileName));
        if (!File.Exists(around))
        {
            return null;
        }

        try
        {
            return Read(around, run) is { Own: not null } found ? found : null;
        }
        catch (RunException e)
        {
            notes.Add(e.Message);
            return null;
        }
    }

    private static ShownComparison Read(string file, RunFolder run)
    {
        try
        {
            var length = new FileInfo(file).Length;
            var table =
                length > MaxBytes
                    ? throw new JsonException($"it has {length} bytes, a comparison has at most {MaxBytes}.")
                    : ComparisonTable.FromJson(File.ReadAllText(file));
            Check(table);
            return new ShownComparison(file, table, Own(table, Path.GetDirectoryName(Path.GetFullPath(file))!, run));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new RunException(
                $"{file} cannot be read as a comparison: {e.Message} Name the {FileName} that `duet ablate` or `duet compare` wrote, "
                    + $"or its folder.",
                e
            );
        }
    }

    // The place of the run decides, not the paths in the file: these are only compared with it.
    private static string? Own(ComparisonTable table, string folder, RunFolder run)
    {
        var relative = Path.GetRelativePath(folder, Path.GetFullPath(run.Path)).Replace('\\', '/');
        return table
            .Systems.FirstOrDefault(row => row.Runs.Any(one => string.Equals(one.Folder, relative, StringComparison.Ordinal)))
            ?.System;
    }

    // A file of others may hold anything that is JSON of the right shape.
    private static void Check(ComparisonTable table)
    {
        Require(
            table.Systems.All(row =>
                row is not null && row.Runs.All(run => run is not null) && row.Tasks.Values.All(score => score is not null)
            ) && table.Tasks.All(task => task is not null),
            "one of its systems, runs or tasks is null."
        );

        // It is shown to be pasted into a shell, quoted word by word.
        Require(
            table.Command is null or ["ablate" or "compare", ..] && table.Command?.All(word => word is not null) != false,
            "its command is neither `duet compare` nor `duet ablate`."
        );
        foreach (var row in table.Systems)
        {
            var scores = row
                .Tasks.Values.Append(row.Mean)
                .OfType<MeanAndSpread>()
                .SelectMany(score => (double?[])[score.Mean, score.Deviation]);
            var bounds = (double?[])[row.Interval?.Low, row.Interval?.High, row.Difference?.PValue];
            var single = row.Runs.SelectMany(run => run.Scores.Values).Select(score => (double?)score);
            var difference = (double?[])
                [row.Difference?.Difference.Estimate, row.Difference?.Difference.Low, row.Difference?.Difference.High];
            Require(
                scores.Concat(bounds).Concat(single).All(value => value is null or (>= 0 and <= 1))
                    && difference.All(value => value is null or (>= -1 and <= 1)),
                $"the figures of '{row.System}' are not shares."
            );
        }
    }

    private static void Require(bool valid, string problem)
    {
        if (!valid)
        {
            throw new JsonException(problem);
        }
    }
}
