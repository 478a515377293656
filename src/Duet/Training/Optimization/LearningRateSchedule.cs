// The learning rate of every step.
namespace Duet.Training;

/// <summary>Linear warm-up, then half a cosine down to a fraction of the peak (Loshchilov and Hutter, arXiv 1608.03983, without
/// restarts).</summary>
/// <param name="Peak">The highest learning rate.</param>
/// <param name="TotalSteps">The number of steps of the stage.</param>
/// <param name="WarmupFraction">The part of the steps in which the rate rises.</param>
/// <param name="FinalFraction">The last rate as a part of the peak.</param>
public sealed record LearningRateSchedule(double Peak, long TotalSteps, double WarmupFraction, double FinalFraction)
{
    /// <summary>The learning rate of a step, counted from 0.</summary>
    public double At(long step)
    {
        var warmup = Math.Round(TotalSteps * WarmupFraction);
        if (step < warmup)
        {
            return Peak * (step + 1) / warmup;
        }

        var progress = Math.Min(1, (step - warmup) / Math.Max(1, TotalSteps - warmup));
        return Peak * (FinalFraction + ((1 - FinalFraction) * 0.5 * (1 + Math.Cos(Math.PI * progress))));
    }
}
