// The weights that a run keeps: those that predictions are made with.
using System.Globalization;
using Duet.Models;
using Duet.Runs;
using Duet.Torch.Safetensors;

namespace Duet.Training;

/// <summary>Writes the weights of an epoch in the place of earlier ones.</summary>
internal static class KeptWeights
{
    /// <summary>Writes them, and says what goes with the earlier ones.</summary>
    /// <param name="model">The model with these weights.</param>
    /// <param name="folder">The run folder.</param>
    /// <param name="score">Their score.</param>
    /// <param name="before">The state with the score of the weights that were kept so far.</param>
    /// <param name="progress">Is told.</param>
    public static void Save(ProductModel model, RunFolder folder, ValidationScore score, TrainingState before, ITrainingProgress progress)
    {
        if (score.Mean < before.BestScore)
        {
            progress.Note(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The last epoch's weights are kept: {score.Mean:0.0000} is below the best, {before.BestScore:0.0000} after "
                        + $"epoch {before.BestEpoch}, by no more than chance (standard error {score.StandardError:0.0000})."
                )
            );
        }

        // A calibration belongs to the weights it was made with; it goes first, so that it is never beside others.
        if (File.Exists(folder.CalibrationFile))
        {
            File.Delete(folder.CalibrationFile);
            progress.Note(
                "The run's calibration belonged to the previous weights and is removed: nothing is accepted or reviewed until it "
                    + "is calibrated again."
            );
        }

        StateFile.Save(folder.WeightsFile, model.NamedState());
    }
}
