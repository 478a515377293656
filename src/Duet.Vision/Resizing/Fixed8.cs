// Arithmetic on 0..255 standing for 0..1, rounded the way Pillow rounds.
namespace Duet.Vision;

internal static class Fixed8
{
    /// <summary>round(a * b / 255) for a and b in 0..255, without a division.</summary>
    public static int Multiply(int a, int b)
    {
        var product = a * b + 128;
        return ((product >> 8) + product) >> 8;
    }

    /// <summary>a * weight + b * rest for weights adding up to 255.</summary>
    public static byte Blend(int a, int weight, int b, int rest)
    {
        var sum = a * weight + b * rest + 128;
        return (byte)(((sum >> 8) + sum) >> 8);
    }
}
