// Draws the pictures of the built-in catalogue.
using Duet.Vision;

namespace Duet.Data;

/// <summary>Rasterises a scene: a patterned object on a gradient with blurred spots, with noise over all.</summary>
internal static class SyntheticPainter
{
    private const int Samples = 2;

    /// <summary>Draws a scene. All randomness comes from <paramref name="random"/>.</summary>
    public static RgbImage Draw(SyntheticScene scene, int side, int noise, CounterRandom random)
    {
        var paint = ObjectPaint(scene.Color, ref random);
        var background = new Background(scene.Color is null, Luminance(paint), ref random);
        var weave = new Weave(scene.Pattern, paint, ref random);
        var pixels = new byte[side * side * 3];
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                // The ground is smooth, so one look per pixel does; the object's edges and weave need several.
                var ground = background.At((x + 0.5) / side, (y + 0.5) / side);
                var sum = new Paint(0, 0, 0);
                for (var sample = 0; sample < Samples * Samples; sample++)
                {
                    var px = (x + ((sample % Samples) + 0.5) / Samples) / side;
                    var py = (y + ((sample / Samples) + 0.5) / Samples) / side;
                    var (u, v) = scene.ToShape(px, py);
                    sum += scene.Shape.Contains(u, v) ? weave.At(u, v) : ground;
                }

                // Grey noise keeps greyscale pictures grey.
                var shift = random.Next(-noise, noise);
                Put(pixels, ((y * side) + x) * 3, sum * (1.0 / (Samples * Samples)), shift);
            }
        }

        return new RgbImage(side, side, pixels);
    }

    private static void Put(byte[] pixels, int at, Paint paint, double shift)
    {
        pixels[at] = byte.CreateSaturating(Math.Round(paint.R + shift));
        pixels[at + 1] = byte.CreateSaturating(Math.Round(paint.G + shift));
        pixels[at + 2] = byte.CreateSaturating(Math.Round(paint.B + shift));
    }

    private static double Luminance(Paint paint) => (0.3 * paint.R) + (0.59 * paint.G) + (0.11 * paint.B);

    /// <summary>The label's colour, a little off; for greyscale a brightness that says nothing about the label.</summary>
    private static Paint ObjectPaint(string? color, ref CounterRandom random)
    {
        if (color is null)
        {
            var grey = random.Next(40, 220);
            return new Paint(grey, grey, grey);
        }

        var (r, g, b) = SyntheticVocabulary.Paints[color];
        return new Paint(r + random.Next(-14, 14), g + random.Next(-14, 14), b + random.Next(-14, 14));
    }

    private readonly record struct Paint(double R, double G, double B)
    {
        public static Paint operator +(Paint a, Paint b) => new(a.R + b.R, a.G + b.G, a.B + b.B);

        public static Paint operator *(Paint a, double factor) => new(a.R * factor, a.G * factor, a.B * factor);

        public Paint Toward(Paint other, double share) => (this * (1 - share)) + (other * share);
    }

    /// <summary>The object's surface: its colour, and for patterns a lighter or darker second one that covers less.</summary>
    private readonly struct Weave
    {
        private readonly string _pattern;
        private readonly Paint _first;
        private readonly Paint _second;
        private readonly double _pitch;
        private readonly bool _upright;

        public Weave(string pattern, Paint paint, ref CounterRandom random)
        {
            (_pattern, _first) = (pattern, paint);
            var contrast = Luminance(paint) > 120 ? new Paint(15, 15, 15) : new Paint(250, 250, 250);
            _second = paint.Toward(contrast, random.Next(0.5, 0.75));
            _pitch = random.Next(0.28, 0.4);
            _upright = random.NextDouble() < 0.5;
        }

        public Paint At(double u, double v) => IsSecond(u, v) ? _second : _first;

        private bool IsSecond(double u, double v)
        {
            var (a, b) = (Share(u / _pitch), Share(v / _pitch));
            return _pattern switch
            {
                "striped" => (_upright ? a : b) < 0.4,
                "checked" => (a < 0.5) != (b < 0.5),
                "dotted" => ((a - 0.5) * (a - 0.5)) + ((b - 0.5) * (b - 0.5)) < 0.085,
                _ => false,
            };
        }

        private static double Share(double value) => value - Math.Floor(value);
    }

    /// <summary>A gradient between two dull tints with up to three soft spots, light behind dark objects and dark behind light
    /// ones.</summary>
    private readonly struct Background
    {
        private readonly Paint _from;
        private readonly Paint _to;
        private readonly (double Sin, double Cos) _direction;
        private readonly (double X, double Y, double Radius, Paint Paint)[] _spots;

        public Background(bool grey, double objectLuminance, ref CounterRandom random)
        {
            var dark = objectLuminance > 150 || (objectLuminance > 100 && random.NextDouble() < 0.5);
            _from = Tint(dark, grey, ref random);
            _to = Tint(dark, grey, ref random);
            _direction = Math.SinCos(random.Next(0, Math.Tau));
            _spots = new (double X, double Y, double Radius, Paint Paint)[random.Next(4)];
            for (var i = 0; i < _spots.Length; i++)
            {
                _spots[i] = (random.NextDouble(), random.NextDouble(), random.Next(0.08, 0.25), Tint(dark, grey, ref random));
            }
        }

        public Paint At(double x, double y)
        {
            var along = ((x - 0.5) * _direction.Cos) + ((y - 0.5) * _direction.Sin);
            var paint = _from.Toward(_to, Math.Clamp(0.5 + along, 0, 1));
            foreach (var spot in _spots)
            {
                var (dx, dy) = (x - spot.X, y - spot.Y);
                paint = paint.Toward(spot.Paint, Math.Exp(-((dx * dx) + (dy * dy)) / (spot.Radius * spot.Radius)));
            }

            return paint;
        }

        private static Paint Tint(bool dark, bool grey, ref CounterRandom random)
        {
            var level = dark ? random.Next(45, 95) : random.Next(165, 225);
            return grey
                ? new Paint(level, level, level)
                : new Paint(level + random.Next(-22, 22), level + random.Next(-22, 22), level + random.Next(-22, 22));
        }
    }
}
