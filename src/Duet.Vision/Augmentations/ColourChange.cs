// Brightness, contrast, saturation and hue in one pass: each is affine in (R, G, B), so together they are one matrix.
using System.Numerics;

namespace Duet.Vision;

internal static class ColourChange
{
    private static readonly Vector3 Luma = new(0.299f, 0.587f, 0.114f);

    /// <summary>Draws four factors and changes <paramref name="planes"/> (<c>[3, N]</c>) in place.</summary>
    public static void Apply(Augmentation options, ref CounterRandom random, Span<byte> planes)
    {
        var brightness = (float)random.Next(1 - options.Brightness, 1 + options.Brightness);
        var contrast = (float)random.Next(1 - options.Contrast, 1 + options.Contrast);
        var saturation = (float)random.Next(1 - options.Saturation, 1 + options.Saturation);
        var turn = (float)(random.Next(-options.Hue, options.Hue) * 2 * Math.PI);

        var matrix = Matrix4x4.CreateScale(brightness * contrast);
        if (contrast != 1)
        {
            matrix.Translation = new Vector3(MeanGrey(planes) * brightness * (1 - contrast));
        }

        matrix *= Saturation(saturation);
        if (turn != 0)
        {
            // Turning around the grey axis leaves greys grey and moves colours around the wheel.
            matrix *= Matrix4x4.CreateFromAxisAngle(Vector3.Normalize(Vector3.One), turn);
        }

        Transform(planes, matrix);
    }

    private static Matrix4x4 Saturation(float factor)
    {
        var grey = Luma * (1 - factor);
        return new(grey.X + factor, grey.X, grey.X, 0, grey.Y, grey.Y + factor, grey.Y, 0, grey.Z, grey.Z, grey.Z + factor, 0, 0, 0, 0, 1);
    }

    private static float MeanGrey(ReadOnlySpan<byte> planes)
    {
        var plane = planes.Length / 3;
        var sums = default(Vector3);
        for (var i = 0; i < plane; i++)
        {
            sums += new Vector3(planes[i], planes[plane + i], planes[2 * plane + i]);
        }

        return Vector3.Dot(sums / plane, Luma);
    }

    private static void Transform(Span<byte> planes, Matrix4x4 matrix)
    {
        var plane = planes.Length / 3;
        for (var i = 0; i < plane; i++)
        {
            var colour = Vector3.Transform(new Vector3(planes[i], planes[plane + i], planes[2 * plane + i]), matrix);
            colour = Vector3.Clamp(colour + new Vector3(0.5f), Vector3.Zero, new Vector3(255));
            (planes[i], planes[plane + i], planes[2 * plane + i]) = ((byte)colour.X, (byte)colour.Y, (byte)colour.Z);
        }
    }
}
