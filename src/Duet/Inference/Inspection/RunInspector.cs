// Reads a run folder without loading its network.
using System.Text.Json;
using System.Text.Json.Serialization;
using Duet.Data;
using Duet.Metrics.Calibration;
using Duet.Models;
using Duet.Runs;
using Duet.Torch.Safetensors;
using Duet.Training;

namespace Duet.Inference;

/// <summary>Tells what a run folder holds.</summary>
public static class RunInspector
{
    private const long MaxMetricsBytes = 64 << 20;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Reads a run folder.</summary>
    /// <param name="runFolder">A folder that training wrote, finished or not.</param>
    /// <exception cref="RunException">The folder is missing, damaged, or of a newer Duet; the message names the file.</exception>
    public static RunSummary Inspect(string runFolder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(runFolder);
        var folder = new RunFolder(runFolder);
        var configuration = folder.LoadConfiguration();
        try
        {
            var tokenizer = folder.LoadTokenizer();
            var epochs = Epochs(folder.MetricsFile);
            var schema = folder.LoadSchema();
            var (calibration, problem) = Calibration(folder, schema);
            var (parameters, bytes) = Weights(folder.WeightsFile);
            return new RunSummary
            {
                Folder = folder,
                System = ModelRegistry.Find(configuration.Model),
                Configuration = configuration,
                Schema = schema,
                Calibration = calibration,
                CalibrationProblem = problem,
                Tokenizer = tokenizer.Kind,
                VocabularySize = tokenizer.VocabularySize,
                Parameters = parameters,
                WeightsBytes = bytes,
                Epochs = epochs,
                Import = File.Exists(folder.ImportFile) ? ImportRecord.Load(folder.ImportFile) : null,
                Best = epochs.LastOrDefault(epoch => epoch.IsBest) ?? epochs.LastOrDefault(epoch => epoch.Stage == TrainingStage.Training),
            };
        }
        catch (Exception e) when (e is TableException or IOException or UnauthorizedAccessException or SafetensorsException)
        {
            throw new RunException($"The run folder {runFolder} cannot be read: {e.Message}", e);
        }
    }

    // Inspecting must report a calibration that does not fit, not fail because of it.
    private static (RunCalibration? Calibration, string? Problem) Calibration(RunFolder folder, TaskSchema schema)
    {
        try
        {
            return (CalibrationFile.Load(folder, schema), null);
        }
        catch (RunException e)
        {
            return (null, e.Message);
        }
    }

    private static (long? Parameters, long? Bytes) Weights(string path)
    {
        if (!File.Exists(path))
        {
            return (null, null);
        }

        using var source = SafetensorsSource.Open(path);
        return (source.Entries.Sum(entry => entry.Count), new FileInfo(path).Length);
    }

    private static List<EpochReport> Epochs(string path)
    {
        var epochs = new List<EpochReport>();
        if (!File.Exists(path))
        {
            return epochs;
        }

        if (new FileInfo(path).Length is > MaxMetricsBytes and var length)
        {
            throw new RunException($"{path} has {length} bytes; a run's metrics have at most {MaxMetricsBytes}.");
        }

        var lines = File.ReadAllText(path).Split('\n');

        // What follows the last line break is empty, or a line that a killed run did not finish.
        for (var i = 0; i < lines.Length - 1; i++)
        {
            try
            {
                epochs.Add(JsonSerializer.Deserialize<EpochReport>(lines[i], Json) ?? throw new JsonException("the line is null"));
            }
            catch (JsonException e)
            {
                throw new RunException($"{path}, line {i + 1} is not an epoch's report: {e.Message}", e);
            }
        }

        return epochs;
    }
}
