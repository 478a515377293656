// Recipes that belong to presets.
namespace Duet.Training;

/// <summary>How a preset is trained where nothing else is said.</summary>
public static class TrainingRecipes
{
    /// <summary>
    /// From published weights that stay as they are: what frozen towers see of each product is computed once, and the fusion and the heads
    /// are trained on it.
    /// </summary>
    public static TrainingOptions Quick { get; } =
        new()
        {
            Pretrained = "starter",
            BackboneLearningRateScale = 0,
            CacheTowers = true,
            Epochs = 8,
            BatchSize = 64,
            LearningRate = 1e-3,
            TextDropout = 0.2,
            EmaDecay = 0.99,
            Precision = Precision.Auto,
        };

    /// <summary>The recipe of a preset, by its name: that of the preset <c>quick</c>, else the general one.</summary>
    public static TrainingOptions Of(string preset) =>
        string.Equals(preset, "quick", StringComparison.Ordinal) ? Quick : new TrainingOptions();
}
