// A picture as a model sees it.
namespace Duet.Data;

/// <summary>A prepared picture.</summary>
/// <param name="Pixels"><c>[3, S, S]</c> bytes, RGB planes, not normalised.</param>
/// <param name="Enlargement">How many times it was enlarged; 1 where it was not.</param>
internal sealed record PreparedPicture(byte[] Pixels, float Enlargement);
