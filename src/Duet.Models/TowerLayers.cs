// Counting layers by parameter names, for layer-wise learning rates.
using System.Globalization;

namespace Duet.Models;

/// <summary>Reads a parameter's depth from its name.</summary>
public static class TowerLayers
{
    private const string Marker = "resblocks.";

    /// <summary>
    /// 0 for what comes before the first block of a tower, k + 1 for its block k, <paramref name="last"/> for what follows the towers.
    /// </summary>
    /// <param name="parameter">A dotted name.</param>
    /// <param name="last">The layer of everything outside the towers and of the towers' last norms and projections.</param>
    /// <param name="towers">The names the towers' parameters begin with.</param>
    public static int LayerOf(string parameter, int last, params ReadOnlySpan<string> towers)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!IsIn(parameter, towers))
        {
            return last;
        }

        var at = parameter.IndexOf(Marker, StringComparison.Ordinal);
        if (at >= 0)
        {
            var number = parameter.AsSpan(at + Marker.Length);
            return int.Parse(number[..number.IndexOf('.')], NumberStyles.None, CultureInfo.InvariantCulture) + 1;
        }

        return
            parameter.Contains("embedding", StringComparison.Ordinal)
            || parameter.Contains("conv1", StringComparison.Ordinal)
            || parameter.Contains("stem", StringComparison.Ordinal)
            || parameter.Contains("ln_pre", StringComparison.Ordinal)
            ? 0
            : last;
    }

    /// <summary>Whether a parameter belongs to one of the towers.</summary>
    public static bool IsIn(string parameter, params ReadOnlySpan<string> towers)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        foreach (var tower in towers)
        {
            if (parameter.StartsWith(tower, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
