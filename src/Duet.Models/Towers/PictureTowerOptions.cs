// The settings of a picture tower: one record per kind of tower.
using YamlDotNet.Serialization;

namespace Duet.Models.Encoders;

/// <summary>
/// The shape of a network that reads pictures, in a system that takes any of them (<see cref="TowerChoice"/> lists them). Which record it
/// is says which tower; <c>image.tower</c> names it in <c>config.yaml</c> and on the command line.
/// </summary>
public abstract record PictureTowerOptions
{
    /// <summary>The tower's name where the record stands for a choice; null for a system's usual tower and where there is no
    /// choice.</summary>
    [YamlMember(Order = -1, DefaultValuesHandling = DefaultValuesHandling.OmitNull)]
    public string? Tower { get; init; }

    /// <summary>Blocks or stages, as layer-wise learning rates count them.</summary>
    internal abstract int Depth { get; }

    /// <summary>Checks every setting against the picture's side.</summary>
    /// <exception cref="OptionException">One is outside its range, or the pictures do not fit.</exception>
    internal abstract void Check(int imageSize);

    /// <summary>Builds the tower with random weights.</summary>
    /// <param name="surroundings">What the system around it has decided.</param>
    internal abstract PictureTower Build(TowerSurroundings surroundings);
}
