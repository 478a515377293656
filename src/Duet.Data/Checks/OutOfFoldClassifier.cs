// Predicts every row's label by a simple model that has not seen that row.
using System.Numerics;
using System.Runtime.InteropServices;

namespace Duet.Data.Checks;

/// <summary>
/// Logistic regression on <see cref="LabelFeatures"/>, trained by AdaGrad (Duchi, Hazan and Singer, 2011), one model per fold: multinomial
/// where a row has one class, one class against the rest where it may have several. Text and picture are tried together and alone, and the
/// predictions that fit best are kept: what says nothing about a task is a way to learn its wrong labels by heart.
/// </summary>
/// <param name="features">The features of all products.</param>
/// <param name="classes">The number of classes.</param>
/// <param name="several">Whether a row may have several classes, or none.</param>
/// <param name="options">Folds, seed, bounds.</param>
internal sealed class OutOfFoldClassifier(LabelFeatures features, int classes, bool several, DataCheckOptions options)
{
    private const int Epochs = 12;
    private const float Rate = 0.2f;
    private const float Epsilon = 1e-6f;

    /// <summary>The probabilities <c>[rows, classes]</c>.</summary>
    /// <param name="rows">The labelled products.</param>
    /// <param name="labels">The classes of each.</param>
    /// <param name="cancellation">Stops after the current fold.</param>
    public float[][] Predict(int[] rows, int[][] labels, CancellationToken cancellation)
    {
        View[] views = (features.HasText, features.PictureWidth > 0) switch
        {
            (true, true) => [new(Text: true, Picture: true), new(Text: true, Picture: false), new(Text: false, Picture: true)],
            var (text, picture) => [new(text, picture)],
        };
        return views.Select(view => Predict(view, rows, labels, cancellation)).MinBy(predicted => Loss(predicted, labels))!;
    }

    private float[][] Predict(View view, int[] rows, int[][] labels, CancellationToken cancellation)
    {
        var fold = new int[rows.Length];
        for (var i = 0; i < fold.Length; i++)
        {
            fold[i] = i % options.Folds;
        }

        new CounterRandom(options.Seed, 1).Shuffle<int>(fold);
        var predicted = new float[rows.Length][];
        Parallel.For(
            0,
            options.Folds,
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = options.Threads },
            part =>
            {
                var train = Enumerable.Range(0, rows.Length).Where(i => fold[i] != part).ToArray();
                new CounterRandom(options.Seed, 2, (ulong)part).Shuffle<int>(train);
                var weights = Train(
                    view,
                    train.AsSpan(0, Math.Min(train.Length, options.MostTrainingRows)).ToArray(),
                    rows,
                    labels,
                    part,
                    cancellation
                );
                for (var i = 0; i < rows.Length; i++)
                {
                    if (fold[i] == part)
                    {
                        predicted[i] = new float[classes];
                        Forward(view, weights, rows[i], predicted[i]);
                    }
                }
            }
        );
        return predicted;
    }

    // Rows of weights: a bias, the picture's features, the text's.
    private float[] Train(View view, int[] train, int[] rows, int[][] labels, int part, CancellationToken cancellation)
    {
        var size = checked((1 + features.PictureWidth + LabelFeatures.TextWidth) * classes);
        var (weights, squares, error) = (new float[size], new float[size], new float[classes]);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            cancellation.ThrowIfCancellationRequested();
            new CounterRandom(options.Seed, 3 + (ulong)part, (ulong)epoch).Shuffle<int>(train);
            foreach (var i in train)
            {
                Forward(view, weights, rows[i], error);
                foreach (var label in labels[i])
                {
                    error[label] -= 1;
                }

                Step(weights, squares, 0, 1, error);
                var picture = Picture(view, rows[i]);
                for (var feature = 0; feature < picture.Length; feature++)
                {
                    Step(weights, squares, 1 + feature, picture[feature], error);
                }

                foreach (var (feature, value) in Text(view, rows[i]))
                {
                    Step(weights, squares, 1 + features.PictureWidth + feature, value, error);
                }
            }
        }

        return weights;
    }

    private void Forward(View view, float[] weights, int row, float[] probabilities)
    {
        weights.AsSpan(0, classes).CopyTo(probabilities);
        var picture = Picture(view, row);
        for (var feature = 0; feature < picture.Length; feature++)
        {
            Add(probabilities, weights.AsSpan((1 + feature) * classes, classes), picture[feature]);
        }

        foreach (var (feature, value) in Text(view, row))
        {
            Add(probabilities, weights.AsSpan((1 + features.PictureWidth + feature) * classes, classes), value);
        }

        if (several)
        {
            foreach (ref var value in probabilities.AsSpan())
            {
                value = 1 / (1 + MathF.Exp(-value));
            }

            return;
        }

        var largest = probabilities.Max();
        var sum = 0f;
        foreach (ref var value in probabilities.AsSpan())
        {
            value = MathF.Exp(value - largest);
            sum += value;
        }

        foreach (ref var value in probabilities.AsSpan())
        {
            value /= sum;
        }
    }

    private ReadOnlySpan<float> Picture(View view, int row) => view.Picture ? features.Picture(row) : [];

    private ReadOnlySpan<(int Feature, float Value)> Text(View view, int row) => view.Text ? features.Text(row) : [];

    // The negative log-likelihood of the labels as they are.
    private double Loss(float[][] predicted, int[][] labels)
    {
        const double Least = 1e-7;
        var sum = 0.0;
        for (var row = 0; row < labels.Length; row++)
        {
            for (var label = 0; label < classes; label++)
            {
                var given = labels[row].Contains(label);
                sum -=
                    given ? Math.Log(Math.Max(Least, predicted[row][label]))
                    : several ? Math.Log(Math.Max(Least, 1 - predicted[row][label]))
                    : 0;
            }
        }

        return sum;
    }

    private static void Add(Span<float> target, ReadOnlySpan<float> source, float scale)
    {
        var wide = MemoryMarshal.Cast<float, Vector<float>>(target);
        var from = MemoryMarshal.Cast<float, Vector<float>>(source);
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] += from[i] * scale;
        }

        for (var i = wide.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] += source[i] * scale;
        }
    }

    private void Step(float[] weights, float[] squares, int feature, float value, float[] error)
    {
        var from = feature * classes;
        var weight = MemoryMarshal.Cast<float, Vector<float>>(weights.AsSpan(from, classes));
        var square = MemoryMarshal.Cast<float, Vector<float>>(squares.AsSpan(from, classes));
        var wrong = MemoryMarshal.Cast<float, Vector<float>>(error.AsSpan());
        for (var i = 0; i < weight.Length; i++)
        {
            var gradient = wrong[i] * value;
            square[i] += gradient * gradient;
            weight[i] -= gradient * Rate / (Vector.SquareRoot(square[i]) + new Vector<float>(Epsilon));
        }

        for (var i = weight.Length * Vector<float>.Count; i < classes; i++)
        {
            var gradient = error[i] * value;
            squares[from + i] += gradient * gradient;
            weights[from + i] -= Rate * gradient / (MathF.Sqrt(squares[from + i]) + Epsilon);
        }
    }

    private readonly record struct View(bool Text, bool Picture);
}
