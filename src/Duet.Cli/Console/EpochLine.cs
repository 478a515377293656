// One line per epoch.
using System.Globalization;
using Duet.Training;

namespace Duet.Cli.Console;

/// <summary>Writes an epoch in one line.</summary>
internal static class EpochLine
{
    /// <summary>For instance <c>epoch  3/20  loss 2.31  category .912  color .801  mean .857 *  412/s  12 s</c>; the star marks the best so
    /// far.</summary>
    public static string Of(EpochReport epoch)
    {
        var culture = CultureInfo.InvariantCulture;
        var width = epoch.Epochs.ToString(culture).Length;
        var stage = epoch.Stage == TrainingStage.Pretraining ? "pre-training epoch" : "epoch";
        List<string> parts =
        [
            $"{stage} {epoch.Epoch.ToString(culture).PadLeft(width)}/{epoch.Epochs}",
            string.Create(culture, $"loss {epoch.Loss:0.0000}"),
            .. epoch.Scores.Select(score => $"{score.Key} {Share(score.Value)}"),
        ];
        if (epoch.Score is { } mean && epoch.Scores.Count > 1)
        {
            parts.Add($"mean {Share(mean)}");
        }

        if (epoch.IsBest)
        {
            parts[^1] += " *";
        }

        parts.Add(string.Create(culture, $"{epoch.SamplesPerSecond:0} products/s"));
        parts.Add(Duration.Of(TimeSpan.FromSeconds(epoch.Seconds)));
        return string.Join("  ", parts);
    }

    private static string Share(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
