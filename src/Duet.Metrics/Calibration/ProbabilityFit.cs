// Finds the correction of a task's probabilities.
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace Duet.Metrics.Calibration;

/// <summary>Fits <see cref="ProbabilityMap"/> to labelled rows.</summary>
public static class ProbabilityFit
{
    /// <summary>Fewer rows fit nothing: the probabilities stay as they are.</summary>
    public const int MinRows = 10;

    /// <summary>A class with fewer rows keeps the temperature in vector scaling.</summary>
    public const int MinRowsOfClass = 10;

    private const double HighestTemperature = 100;
    private const double PriorRows = 5;

    /// <summary>Fits a correction.</summary>
    /// <param name="task">Probabilities and labels.</param>
    /// <param name="rows">The rows to fit; those without a label are skipped.</param>
    /// <param name="method">The method that is wanted.</param>
    /// <returns>The correction, and why it is another than asked for (null where it is not).</returns>
    public static (ProbabilityMap Map, string? Note) Fit(TaskPredictions task, IReadOnlyList<int> rows, CalibrationMethod method)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(rows);
        var part = task.Select(rows);
        if (part.Labelled.Count < MinRows)
        {
            return (
                ProbabilityMap.Identity,
                $"{part.Labelled.Count} labelled rows are too few to correct probabilities ({MinRows} are needed); they stay as they are"
            );
        }

        return method switch
        {
            CalibrationMethod.Isotonic => (Isotonic(part), null),
            CalibrationMethod.Vector => Vector(part),
            _ => (new ProbabilityMap { Temperature = Temperature(part) }, null),
        };
    }

    /// <summary>
    /// The temperature with the least negative log-likelihood. The likelihood is convex in 1 / T, hence has a single minimum in ln T as
    /// well, which a golden-section search between 1/100 and 100 cannot miss.
    /// </summary>
    public static double Temperature(TaskPredictions task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var edge = Math.Log(HighestTemperature);

        // Beyond the edges the loss rises steeply, so that the search finds a minimum between them also where the likelihood has none.
        double Loss(double logarithm)
        {
            var inside = Math.Clamp(logarithm, -edge, edge);
            var loss = CalibrationMetrics.NegativeLogLikelihood(new ProbabilityMap { Temperature = Math.Exp(inside) }.Apply(task));
            return loss + Math.Abs(logarithm - inside);
        }

        var found = new GoldenSectionMinimizer(1e-5, 200).FindMinimum(ObjectiveFunction.ScalarValue(Loss), -edge - 1, edge + 1);
        return Math.Exp(Math.Clamp(found.MinimizingPoint, -edge, edge));
    }

    private static ProbabilityMap Isotonic(TaskPredictions task)
    {
        var scores = new List<double>();
        var right = new List<bool>();
        foreach (var row in task.Labelled)
        {
            for (var i = 0; i < task.Classes.Count; i++)
            {
                if (task.Target(row, i) >= 0 && (task.MultiLabel || i == task.Prediction(row)))
                {
                    scores.Add(task.Row(row)[i]);
                    right.Add(task.Target(row, i) == 1);
                }
            }
        }

        var (knots, shares) = IsotonicRegression.Fit(
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(scores),
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(right)
        );

        // Never 0 or 1: so many rows cannot show more than the rule of succession allows (Laplace).
        var least = 1.0 / (scores.Count + 2);
        return new ProbabilityMap
        {
            Method = CalibrationMethod.Isotonic,
            Scores = knots,
            Shares = [.. shares.Select(share => Math.Clamp(share, least, 1 - least))],
        };
    }

    private static (ProbabilityMap Map, string? Note) Vector(TaskPredictions task)
    {
        var temperature = Temperature(task);
        var counts = new int[task.Classes.Count];
        foreach (var row in task.Labelled)
        {
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] += task.Target(row, i) == 1 ? 1 : 0;
            }
        }

        var free = Enumerable.Range(0, counts.Length).Where(i => counts[i] >= MinRowsOfClass).ToArray();
        if (free.Length < 2)
        {
            return (
                new ProbabilityMap { Temperature = temperature },
                $"vector scaling needs two classes with {MinRowsOfClass} rows each; temperature scaling was used"
            );
        }

        var problem = new VectorProblem(task, free, temperature);
        try
        {
            var found = new BfgsMinimizer(1e-4, 1e-7, 1e-10, 500).FindMinimum(
                ObjectiveFunction.Gradient(problem.Evaluate),
                problem.Start()
            );
            var note =
                free.Length == counts.Length
                    ? null
                    : $"{counts.Length - free.Length} of {counts.Length} classes have fewer than {MinRowsOfClass} rows and keep the "
                        + $"temperature";
            return (problem.ToMap(found.MinimizingPoint), note);
        }
        catch (OptimizationException e)
        {
            return (
                new ProbabilityMap { Temperature = temperature },
                $"vector scaling found no minimum ({e.Message}); temperature scaling was used"
            );
        }
    }

    /// <summary>
    /// Mean negative log-likelihood plus a pull towards temperature scaling, (r / 2n) sum ((w - 1/T)^2 + b^2) with r = 5, which decides
    /// where rows are few (in the manner of the off-diagonal and intercept regularisation of Kull et al. 2019, arXiv 1910.12656).
    /// </summary>
    private sealed class VectorProblem(TaskPredictions task, int[] free, double temperature)
    {
        private readonly double[] _scale = [.. Enumerable.Repeat(1 / temperature, task.Classes.Count)];
        private readonly double[] _bias = new double[task.Classes.Count];

        public Vector<double> Start() => Vector<double>.Build.Dense([.. free.Select(_ => 1 / temperature), .. free.Select(_ => 0.0)]);

        public ProbabilityMap ToMap(Vector<double> point)
        {
            Take(point);
            return new ProbabilityMap
            {
                Method = CalibrationMethod.Vector,
                Temperature = temperature,
                Scale = [.. _scale],
                Bias = [.. _bias],
            };
        }

        public (double Value, Vector<double> Gradient) Evaluate(Vector<double> point)
        {
            Take(point);
            var classes = task.Classes.Count;
            var byScale = new double[classes];
            var byBias = new double[classes];
            var logits = new double[classes];
            var map = new ProbabilityMap
            {
                Method = CalibrationMethod.Vector,
                Temperature = temperature,
                Scale = _scale,
                Bias = _bias,
            };
            var corrected = new float[classes];
            double loss = 0;
            foreach (var row in task.Labelled)
            {
                task.Row(row).CopyTo(corrected);
                for (var i = 0; i < classes; i++)
                {
                    logits[i] = task.MultiLabel ? ProbabilityMap.LogOdds(corrected[i]) : ProbabilityMap.Log(corrected[i]);
                }

                map.Apply(corrected, task.MultiLabel);
                for (var i = 0; i < classes; i++)
                {
                    // Of softmax and sigmoid alike: d loss / d logit = probability - target.
                    var target = task.Target(row, i);
                    if (target >= 0)
                    {
                        loss -=
                            target == 1 ? Math.Log(Math.Max(corrected[i], 1e-30))
                            : task.MultiLabel ? Math.Log(Math.Max(1.0 - corrected[i], 1e-30))
                            : 0;
                        byScale[i] += (corrected[i] - target) * logits[i];
                        byBias[i] += corrected[i] - target;
                    }
                }
            }

            var rows = task.Labelled.Count;
            double pull = 0;
            var gradient = Vector<double>.Build.Dense(point.Count);
            for (var j = 0; j < free.Length; j++)
            {
                var (away, shift) = (_scale[free[j]] - (1 / temperature), _bias[free[j]]);
                pull += (away * away) + (shift * shift);
                gradient[j] = (byScale[free[j]] + (PriorRows * away)) / rows;
                gradient[free.Length + j] = (byBias[free[j]] + (PriorRows * shift)) / rows;
            }

            return ((loss + (PriorRows / 2 * pull)) / rows, gradient);
        }

        private void Take(Vector<double> point)
        {
            for (var j = 0; j < free.Length; j++)
            {
                _scale[free[j]] = point[j];
                _bias[free[j]] = point[free.Length + j];
            }
        }
    }
}
