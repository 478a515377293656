// The correction of a task's probabilities.

namespace Duet.Metrics.Calibration;

/// <summary>
/// Turns a model's probabilities into calibrated ones. Works on the logarithms of probabilities, which differ from logits by a constant
/// that the softmax removes; of multi-label tasks on ln(p / (1 - p)).
/// </summary>
public sealed record ProbabilityMap
{
    private const float Smallest = 1e-30f;
    private const double SmallestOdds = 1e-7;

    /// <summary>How the correction was found.</summary>
    public CalibrationMethod Method { get; init; } = CalibrationMethod.Temperature;

    /// <summary>What divides logits: above 1 the model was too sure, below 1 not sure enough.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Vector scaling: a factor per class, in place of 1 / temperature. Empty otherwise.</summary>
    public IReadOnlyList<double> Scale { get; init; } = [];

    /// <summary>Vector scaling: a shift per class. Empty otherwise.</summary>
    public IReadOnlyList<double> Bias { get; init; } = [];

    /// <summary>Isotonic: rising scores. Empty otherwise.</summary>
    public IReadOnlyList<double> Scores { get; init; } = [];

    /// <summary>Isotonic: the probability at each score, not falling. Empty otherwise.</summary>
    public IReadOnlyList<double> Shares { get; init; } = [];

    /// <summary>No correction.</summary>
    public static ProbabilityMap Identity { get; } = new();

    /// <summary>Corrects a row in place.</summary>
    /// <param name="probabilities"><c>[C]</c>: a distribution, or one probability per class in a multi-label task.</param>
    /// <param name="multiLabel">Whether the task is multi-label.</param>
    public void Apply(Span<float> probabilities, bool multiLabel)
    {
        if (Method == CalibrationMethod.Isotonic)
        {
            ApplyCurve(probabilities, multiLabel);
        }
        else if (multiLabel)
        {
            for (var i = 0; i < probabilities.Length; i++)
            {
                probabilities[i] = (float)(1 / (1 + Math.Exp(-Scaled(LogOdds(probabilities[i]), i))));
            }
        }
        else
        {
            ApplySoftmax(probabilities);
        }
    }

    /// <summary>The corrected predictions; labels stay.</summary>
    public TaskPredictions Apply(TaskPredictions task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Mapped(row => Apply(row, task.MultiLabel));
    }

    /// <summary>Checks what a file said.</summary>
    /// <exception cref="RunException">A number is missing or out of its range.</exception>
    public void Validate(string task, int classes)
    {
        void Require(bool valid, string problem)
        {
            if (!valid)
            {
                throw new RunException($"the task '{task}' has {problem}");
            }
        }

        Require(Enum.IsDefined(Method), "an unknown method");
        Require(Temperature is > 0 and < 1e6, $"the temperature {Temperature}");
        var vector = Method == CalibrationMethod.Vector ? classes : 0;
        Require(Scale.Count == vector && Bias.Count == vector, $"{Scale.Count} factors and {Bias.Count} shifts for {classes} classes");
        Require(Scale.Concat(Bias).All(double.IsFinite), "a factor or shift that is not a number");
        Require(Scores.Count == Shares.Count && (Method == CalibrationMethod.Isotonic) == (Scores.Count > 0), "a curve that is not whole");
        Require(
            Shares.All(share => share is >= 0 and <= 1) && Rises(Scores, strictly: true) && Rises(Shares, strictly: false),
            "a curve that falls or leaves 0 to 1"
        );
    }

    internal static double LogOdds(float probability)
    {
        var p = Math.Clamp(probability, SmallestOdds, 1 - SmallestOdds);
        return Math.Log(p / (1 - p));
    }

    internal static double Log(float probability) => Math.Log(Math.Max(probability, Smallest));

    private static bool Rises(IReadOnlyList<double> values, bool strictly) =>
        values.Zip(values.Skip(1)).All(pair => strictly ? pair.First < pair.Second : pair.First <= pair.Second)
        && values.All(double.IsFinite);

    private double Scaled(double logit, int label) =>
        Method == CalibrationMethod.Vector ? (logit * Scale[label]) + Bias[label] : logit / Temperature;

    private void ApplySoftmax(Span<float> probabilities)
    {
        var largest = double.NegativeInfinity;
        for (var i = 0; i < probabilities.Length; i++)
        {
            largest = Math.Max(largest, Scaled(Log(probabilities[i]), i));
        }

        double sum = 0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            sum += Math.Exp(Scaled(Log(probabilities[i]), i) - largest);
        }

        for (var i = 0; i < probabilities.Length; i++)
        {
            probabilities[i] = (float)(Math.Exp(Scaled(Log(probabilities[i]), i) - largest) / sum);
        }
    }

    private void ApplyCurve(Span<float> probabilities, bool multiLabel)
    {
        if (multiLabel)
        {
            foreach (ref var probability in probabilities)
            {
                probability = (float)IsotonicRegression.At(Scores, Shares, probability);
            }

            return;
        }

        var top = 0;
        var second = 0f;
        for (var i = 1; i < probabilities.Length; i++)
        {
            if (probabilities[i] > probabilities[top])
            {
                (top, second) = (i, probabilities[top]);
            }
            else
            {
                second = Math.Max(second, probabilities[i]);
            }
        }

        // The others share the rest as before; the most probable class stays most probable, so its probability never falls below where both
        // would be equal.
        double old = probabilities[top];
        var rest = Math.Max(1 - old, SmallestOdds);
        var corrected = Math.Max(IsotonicRegression.At(Scores, Shares, old), second / (rest + second));
        var largest = 0f;
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (i != top)
            {
                probabilities[i] = (float)Math.Min(1, probabilities[i] * (1 - corrected) / rest);
                largest = Math.Max(largest, probabilities[i]);
            }
        }

        // At that edge the two would tie, and a tie goes to the class that comes first.
        probabilities[top] = Math.Min(1, Math.Max((float)corrected, MathF.BitIncrement(largest)));
    }
}
