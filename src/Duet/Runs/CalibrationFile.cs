// Reads and writes calibration.json.
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Duet.Data;
using Duet.Metrics.Calibration;
using Duet.Torch.Safetensors;

namespace Duet.Runs;

/// <summary>The calibration of a run folder: found, checked and tied to the weights.</summary>
public static class CalibrationFile
{
    private const long MaxBytes = 256 << 20;

    // One set of thresholds for whatever a product has, written until version 0.1.
    private const int FormatWithoutCertificates = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads a run's calibration.</summary>
    /// <returns>The calibration; null where the run has none.</returns>
    /// <exception cref="SafetensorsException">The weights are damaged; the message names their file.</exception>
    /// <exception cref="RunException">The file is damaged, of another version, or belongs to other weights or tasks; the message names
    /// it.</exception>
    public static RunCalibration? Load(RunFolder folder, TaskSchema schema)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = folder.CalibrationFile;
        if (!File.Exists(path))
        {
            return null;
        }

        var calibration = Read(path);
        try
        {
            calibration.Validate(schema);
        }
        catch (RunException e)
        {
            throw new RunException($"{path} cannot be used: {e.Message}. {Remedy(folder)}", e);
        }

        if (string.Equals(calibration.WeightsSha256, HashOf(folder.WeightsFile), StringComparison.OrdinalIgnoreCase))
        {
            return calibration;
        }

        // Weights that are damaged are no other weights, and the calibration is not to blame.
        SafetensorsSource.Open(folder.WeightsFile).Dispose();
        throw new RunException(
            $"{path} was made for other weights than those in {folder.WeightsFile}, so its promise does not hold for them. {Remedy(folder)}"
        );
    }

    /// <summary>Writes a run's calibration in one step.</summary>
    /// <exception cref="IOException">Writing failed; an older file is as it was.</exception>
    public static void Save(RunCalibration calibration, RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentNullException.ThrowIfNull(folder);
        AtomicFile.WriteText(folder.CalibrationFile, ToJson(calibration) + "\n");
    }

    /// <summary>The calibration as JSON.</summary>
    public static string ToJson(RunCalibration calibration) => JsonSerializer.Serialize(calibration, Json);

    /// <summary>SHA-256 of a file in lower-case hexadecimal.</summary>
    /// <exception cref="RunException">The file cannot be read.</exception>
    public static string HashOf(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"{path} cannot be read: {e.Message}", e);
        }
    }

    // What an earlier Duet promised did not say for which inputs. The run stays usable, and nothing is accepted until it is calibrated
    // again.
    private static RunCalibration WithoutCertificates(JsonElement file)
    {
        var fields = JsonSerializer.SerializeToNode(file)!.AsObject();
        fields.Remove("tasks");
        fields["format_version"] = RunCalibration.CurrentFormatVersion;
        fields["certificates"] = new System.Text.Json.Nodes.JsonArray();
        return fields.Deserialize<RunCalibration>(Json)!;
    }

    private static RunCalibration Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > MaxBytes)
            {
                throw new RunException($"{path} has {stream.Length} bytes; a calibration has at most {MaxBytes}.");
            }

            using var document = JsonDocument.Parse(stream);

            // Looked at first and alone: another layout may hold anything else.
            var version =
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("format_version", out var named)
                && named.TryGetInt32(out var number)
                    ? number
                    : 0;
            return version switch
            {
                RunCalibration.CurrentFormatVersion => document.Deserialize<RunCalibration>(Json)!,
                FormatWithoutCertificates => WithoutCertificates(document.RootElement),
                _ => throw new RunException(
                    $"{path} is not a calibration of format version {RunCalibration.CurrentFormatVersion}. Calibrate again with this "
                        + $"Duet, or use the one that wrote it."
                ),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new RunException($"{path} is damaged: {e.Message} Delete it, or make it again with `duet calibrate`.", e);
        }
    }

    private static string Remedy(RunFolder folder) => $"Make it again with `duet calibrate {folder.Path} --data ...`, or delete the file.";
}
