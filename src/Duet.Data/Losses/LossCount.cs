// How much of one kind was looked at, and how much of it could not be used.
using System.Globalization;
using System.Text.Json.Serialization;

namespace Duet.Data;

/// <summary>What was looked at of one kind (rows, or pictures), and what of it could not be used.</summary>
/// <param name="Seen">How many there were.</param>
/// <param name="Lost">How many of them could not be used.</param>
public readonly record struct LossCount(long Seen, long Lost)
{
    /// <summary>The lost share, 0 to 1; 0 where there was nothing.</summary>
    [JsonIgnore]
    public double Share => Seen == 0 ? 0 : (double)Lost / Seen;

    /// <summary>The share as people write it, for instance <c>7.5 %</c>.</summary>
    internal string Percent => Describe(Share);

    /// <summary>Both counts together.</summary>
    internal LossCount Plus(LossCount other) => new(Seen + other.Seen, Lost + other.Lost);

    /// <summary>A share as people write it; a small one is not written as none.</summary>
    internal static string Describe(double share) =>
        share is > 0 and < 0.0005 ? "under 0.1 %" : (100 * share).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
