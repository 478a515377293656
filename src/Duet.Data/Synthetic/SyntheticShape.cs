// The outlines of the catalogue's objects as polygons.

namespace Duet.Data;

/// <summary>A shape in coordinates from -1 to 1 (y downwards): polygons that add to it or cut from it, in order.</summary>
internal sealed class SyntheticShape
{
    private readonly List<(double[] Points, bool Cut)> _parts = [];

    /// <summary>A fabric folded to a parcel: shows colour and pattern, but not what it is.</summary>
    public static SyntheticShape Parcel { get; } = new SyntheticShape().Add(-0.75, -0.65, 0.75, -0.65, 0.75, 0.65, -0.75, 0.65);

    /// <summary>The shape of each category.</summary>
    public static IReadOnlyDictionary<string, SyntheticShape> OfCategory { get; } =
        new Dictionary<string, SyntheticShape>(StringComparer.Ordinal)
        {
            ["bag"] = new SyntheticShape()
                .Ellipse(0, -0.2, 0.5, 0.65)
                .CutEllipse(0, -0.2, 0.36, 0.5)
                .Add(-0.8, -0.2, 0.8, -0.2, 0.9, 0.85, -0.9, 0.85),
            ["dress"] = new SyntheticShape()
                .Add(-0.3, -0.95, 0.3, -0.95, 0.22, -0.15, 0.8, 0.95, -0.8, 0.95, -0.22, -0.15)
                .CutEllipse(0, -0.95, 0.16, 0.2),
            ["hat"] = new SyntheticShape()
                .Ellipse(0, 0.4, 0.95, 0.22)
                .Add(-0.5, 0.4, -0.44, -0.45, -0.2, -0.6, 0.2, -0.6, 0.44, -0.45, 0.5, 0.4),
            ["shirt"] = new SyntheticShape()
                .Add(
                    -0.5,
                    -0.75,
                    0.5,
                    -0.75,
                    0.98,
                    -0.2,
                    0.72,
                    0.08,
                    0.5,
                    -0.18,
                    0.5,
                    0.85,
                    -0.5,
                    0.85,
                    -0.5,
                    -0.18,
                    -0.72,
                    0.08,
                    -0.98,
                    -0.2
                )
                .CutEllipse(0, -0.78, 0.2, 0.2),
            ["shoe"] = new SyntheticShape().Add(-0.85, -0.45, -0.25, -0.45, 0.05, -0.05, 0.8, 0.15, 0.95, 0.45, -0.9, 0.45),
            ["skirt"] = new SyntheticShape().Add(-0.38, -0.6, 0.38, -0.6, 0.92, 0.7, -0.92, 0.7),
            ["sock"] = new SyntheticShape().Add(-0.55, -0.95, 0.05, -0.95, 0.05, 0.2, 0.75, 0.5, 0.75, 0.85, -0.1, 0.85, -0.55, 0.55),
            ["trousers"] = new SyntheticShape().Add(-0.5, -0.95, 0.5, -0.95, 0.62, 0.95, 0.15, 0.95, 0, -0.2, -0.15, 0.95, -0.62, 0.95),
        };

    /// <summary>The corners of the added parts; their hull holds the shape.</summary>
    public IEnumerable<(double U, double V)> Corners =>
        _parts.Where(part => !part.Cut).SelectMany(part => part.Points.Chunk(2).Select(point => (point[0], point[1])));

    /// <summary>Whether a point lies in the shape.</summary>
    public bool Contains(double u, double v)
    {
        var inside = false;
        foreach (var (points, cut) in _parts)
        {
            if (inside == cut && Contains(points, u, v))
            {
                inside = !cut;
            }
        }

        return inside;
    }

    /// <summary>Even-odd rule.</summary>
    private static bool Contains(double[] points, double u, double v)
    {
        var inside = false;
        for (int i = 0, j = points.Length - 2; i < points.Length; j = i, i += 2)
        {
            if (
                points[i + 1] > v != points[j + 1] > v
                && u < ((points[j] - points[i]) * (v - points[i + 1]) / (points[j + 1] - points[i + 1])) + points[i]
            )
            {
                inside = !inside;
            }
        }

        return inside;
    }

    private static double[] Round(double u, double v, double radiusU, double radiusV) =>
        [
            .. Enumerable
                .Range(0, 24)
                .SelectMany(i =>
                {
                    var (sin, cos) = Math.SinCos(i * Math.Tau / 24);
                    return new[] { u + (radiusU * cos), v + (radiusV * sin) };
                }),
        ];

    private SyntheticShape Add(params double[] points)
    {
        _parts.Add((points, false));
        return this;
    }

    private SyntheticShape Ellipse(double u, double v, double radiusU, double radiusV) => Add(Round(u, v, radiusU, radiusV));

    private SyntheticShape CutEllipse(double u, double v, double radiusU, double radiusV)
    {
        _parts.Add((Round(u, v, radiusU, radiusV), true));
        return this;
    }
}

/// <summary>A rectangle in pixels, its left and top edge included.</summary>
/// <param name="Left">First column.</param>
/// <param name="Top">First row.</param>
/// <param name="Width">Number of columns.</param>
/// <param name="Height">Number of rows.</param>
public readonly record struct PixelBox(int Left, int Top, int Width, int Height)
{
    /// <summary>Whether a pixel lies inside.</summary>
    public bool Contains(int x, int y) => x >= Left && x < Left + Width && y >= Top && y < Top + Height;
}
