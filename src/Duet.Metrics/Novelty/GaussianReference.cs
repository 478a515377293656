// How far a vector lies from those of a reference: Mahalanobis distance with few parameters.
using MathNet.Numerics.LinearAlgebra;

namespace Duet.Metrics.Novelty;

/// <summary>
/// A Gaussian whose covariance is kept along its strongest directions and averaged over all others (probabilistic PCA, Tipping and Bishop
/// 1999). The distance is Mahalanobis', which separates unusual inputs of a network from usual ones (Lee et al. 2018, arXiv 1807.03888).
/// With as many directions as dimensions it is the plain Mahalanobis distance.
/// </summary>
public sealed record GaussianReference
{
    // A direction in which the reference hardly varies would make every new vector look strange.
    private const double Floor = 0.01;

    /// <summary>The mean, <c>[D]</c>.</summary>
    public required IReadOnlyList<float> Mean { get; init; }

    /// <summary>Orthonormal directions, K times <c>[D]</c>, the strongest first.</summary>
    public required IReadOnlyList<IReadOnlyList<float>> Directions { get; init; }

    /// <summary>The variance along each direction, <c>[K]</c>.</summary>
    public required IReadOnlyList<double> Variances { get; init; }

    /// <summary>The variance along every other direction.</summary>
    public required double Residual { get; init; }

    /// <summary>Fits a reference.</summary>
    /// <param name="vectors">At least two vectors <c>[D]</c>.</param>
    /// <param name="directions">The most directions to keep; fewer where there are fewer than four vectors for each.</param>
    /// <exception cref="ArgumentException">There are fewer than two vectors.</exception>
    public static GaussianReference Fit(IReadOnlyList<float[]> vectors, int directions)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        if (vectors.Count < 2)
        {
            throw new ArgumentException($"A variance needs two vectors; there are {vectors.Count}.", nameof(vectors));
        }

        var width = vectors[0].Length;
        var mean = MeanOf(vectors, width);
        var centered = Matrix<double>.Build.Dense(vectors.Count, width, (row, column) => vectors[row][column] - mean[column]);
        var covariance = centered.TransposeThisAndMultiply(centered) / (vectors.Count - 1);
        var decomposition = covariance.Evd(Symmetricity.Symmetric);

        // Eigenvalues ascend.
        var variances = decomposition.EigenValues.Select(value => Math.Max(0, value.Real)).Reverse().ToArray();
        var floor = Math.Max(Floor * variances.Average(), 1e-12);
        var kept = Math.Clamp(Math.Min(directions, vectors.Count / 4), 1, width);
        return new GaussianReference
        {
            Mean = [.. mean.Select(value => (float)value)],
            Directions =
            [
                .. Enumerable
                    .Range(1, kept)
                    .Select(i => (float[])[.. decomposition.EigenVectors.Column(width - i).Select(value => (float)value)]),
            ],
            Variances = [.. variances.Take(kept).Select(value => value + floor)],
            Residual = (kept < width ? variances.Skip(kept).Average() : 0) + floor,
        };
    }

    /// <summary>The Mahalanobis distance of a vector.</summary>
    /// <param name="vector"><c>[D]</c>.</param>
    /// <exception cref="ArgumentException">The vector has another width.</exception>
    public double Distance(ReadOnlySpan<float> vector)
    {
        if (vector.Length != Mean.Count)
        {
            throw new ArgumentException($"The vector has {vector.Length} components, the reference {Mean.Count}.", nameof(vector));
        }

        var difference = new double[vector.Length];
        double rest = 0;
        for (var i = 0; i < difference.Length; i++)
        {
            difference[i] = vector[i] - Mean[i];
            rest += difference[i] * difference[i];
        }

        double sum = 0;
        for (var k = 0; k < Directions.Count; k++)
        {
            double along = 0;
            var direction = Directions[k];
            for (var i = 0; i < difference.Length; i++)
            {
                along += difference[i] * direction[i];
            }

            sum += along * along / Variances[k];
            rest -= along * along;
        }

        return Math.Sqrt(sum + (Math.Max(0, rest) / Residual));
    }

    /// <summary>Whether every part is there and finite.</summary>
    /// <param name="width">The width D it must have; null where any will do.</param>
    public bool IsValid(int? width = null) =>
        Mean is { Count: > 0 }
        && (width ?? Mean.Count) == Mean.Count
        && Mean.All(float.IsFinite)
        && Directions is not null
        && Directions.All(direction => direction is not null && direction.Count == Mean.Count && direction.All(float.IsFinite))
        && Variances is not null
        && Variances.Count == Directions.Count
        && Variances.All(variance => variance > 0 && double.IsFinite(variance))
        && Residual > 0
        && double.IsFinite(Residual);

    private static double[] MeanOf(IReadOnlyList<float[]> vectors, int width)
    {
        var mean = new double[width];
        foreach (var vector in vectors)
        {
            for (var i = 0; i < width; i++)
            {
                mean[i] += (double)vector[i] / vectors.Count;
            }
        }

        return mean;
    }
}
