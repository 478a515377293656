// All tasks under one corruption at one strength.
using System.Text.Json.Serialization;

namespace Duet.Studies.Robustness;

/// <summary>One measurement.</summary>
public sealed record RobustnessPoint
{
    /// <summary>The strength, in the curve's unit; null for the clean products.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Strength { get; init; }

    /// <summary>Products that were measured.</summary>
    public required int N { get; init; }

    /// <summary>The figures by task name.</summary>
    public required IReadOnlyDictionary<string, RobustnessFigures> Tasks { get; init; }

    /// <summary>The mean accuracy over the tasks with labels; null where none has any.</summary>
    public double? MeanAccuracy => Tasks.Values.Average(task => task.Accuracy);

    /// <summary>The mean picture share over tasks; null if the system does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MeanImageShare => Tasks.Values.Average(task => task.ImageShare);
}
