// What a synthetic picture shows, before it is drawn.
namespace Duet.Data;

/// <summary>An object on a background.</summary>
/// <param name="Shape">The outline to draw.</param>
/// <param name="Color">The colour label, or <c>null</c> for a greyscale picture.</param>
/// <param name="Pattern">The pattern label.</param>
/// <param name="CenterX">Centre of the object, from 0 to 1.</param>
/// <param name="CenterY">Centre of the object, from 0 to 1.</param>
/// <param name="Scale">Half the object's side as a share of the picture's.</param>
/// <param name="Angle">Rotation in radians.</param>
internal sealed record SyntheticScene(
    SyntheticShape Shape,
    string? Color,
    string Pattern,
    double CenterX,
    double CenterY,
    double Scale,
    double Angle
)
{
    private readonly (double Sin, double Cos) _rotation = Math.SinCos(Angle);

    /// <summary>From a point of the picture (0 to 1) to the shape's own coordinates (-1 to 1).</summary>
    public (double U, double V) ToShape(double x, double y)
    {
        var (sin, cos) = _rotation;
        var (dx, dy) = ((x - CenterX) / Scale, (y - CenterY) / Scale);
        return ((dx * cos) + (dy * sin), (dy * cos) - (dx * sin));
    }

    /// <summary>The object's bounding box in a picture of a side.</summary>
    public PixelBox Box(int side)
    {
        var (sin, cos) = _rotation;
        var points = Shape
            .Corners.Select(corner =>
                (
                    X: (CenterX + (Scale * ((corner.U * cos) - (corner.V * sin)))) * side,
                    Y: (CenterY + (Scale * ((corner.U * sin) + (corner.V * cos)))) * side
                )
            )
            .ToArray();
        var left = Math.Clamp((int)Math.Floor(points.Min(point => point.X)), 0, side - 1);
        var top = Math.Clamp((int)Math.Floor(points.Min(point => point.Y)), 0, side - 1);
        var right = Math.Clamp((int)Math.Ceiling(points.Max(point => point.X)), left + 1, side);
        var bottom = Math.Clamp((int)Math.Ceiling(points.Max(point => point.Y)), top + 1, side);
        return new PixelBox(left, top, right - left, bottom - top);
    }
}
