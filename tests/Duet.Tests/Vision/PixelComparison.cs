// Compares many pictures and reports every one that is off, not only the first.
using Duet.Vision;

namespace Duet.Tests.Vision;

internal sealed class PixelComparison(Xunit.Abstractions.ITestOutputHelper output)
{
    private readonly List<string> _failures = [];
    private int _count;
    private int _exact;

    public void Bytes(string name, ReadOnlySpan<byte> actual, ReadOnlySpan<byte> expected, double largest, double mean)
    {
        actual.Length.ShouldBe(expected.Length, name);
        var differences = new double[actual.Length];
        for (var i = 0; i < differences.Length; i++)
        {
            differences[i] = Math.Abs(actual[i] - expected[i]);
        }

        Judge(name, differences, largest, mean);
    }

    public void Floats(string name, Preprocessor preprocessor, byte[] prepared, float[] expected, double largest, double mean)
    {
        prepared.Length.ShouldBe(expected.Length, name);
        var actual = new float[expected.Length];
        preprocessor.Normalise(prepared, prepared.Length / 3, actual);
        Values(name, actual, expected, largest, mean);
    }

    public void Values(string name, float[] actual, float[] expected, double largest, double mean)
    {
        actual.Length.ShouldBe(expected.Length, name);
        Judge(name, actual.Zip(expected, (a, b) => (double)Math.Abs(a - b)).ToArray(), largest, mean);
    }

    public void Finish(string folder, int expected)
    {
        output.WriteLine($"{folder}: {_count} tensors, {_exact} equal to the bit or within 1e-6, {_failures.Count} off");
        _failures.ForEach(output.WriteLine);
        _failures.ShouldBeEmpty(folder);
        _count.ShouldBe(expected, folder);
    }

    /// <summary>One grey level after normalisation, with room for single-precision rounding.</summary>
    public static double GreyLevel(ImagePreprocessing recipe) =>
        1.001 / 255 / Math.Min(recipe.Deviation.R, Math.Min(recipe.Deviation.G, recipe.Deviation.B));

    /// <summary>From <c>[3, S, S]</c> to <c>[S, S, 3]</c>.</summary>
    public static byte[] Interleaved(byte[] planes)
    {
        var plane = planes.Length / 3;
        var result = new byte[planes.Length];
        for (var i = 0; i < planes.Length; i++)
        {
            result[i % plane * 3 + i / plane] = planes[i];
        }

        return result;
    }

    private void Judge(string name, double[] differences, double largest, double mean)
    {
        _count++;
        var (worst, average) = (differences.Max(), differences.Average());
        _exact += worst <= 1e-6 ? 1 : 0;
        if (worst > 1e-6)
        {
            output.WriteLine($"{name}: largest difference {worst:G4}, mean {average:G4}");
        }

        if (worst > largest || average > mean)
        {
            _failures.Add($"{name}: largest difference {worst:G4} (allowed {largest:G4}), mean {average:G4} (allowed {mean:G4})");
        }
    }
}
