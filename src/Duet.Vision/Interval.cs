// A range to draw from.
using System.Runtime.InteropServices;

namespace Duet.Vision;

/// <summary>A closed range of numbers.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end, not below <paramref name="Low"/>.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Interval(double Low, double High);
