// The settings of a text tower: one record per kind of tower.
using YamlDotNet.Serialization;

namespace Duet.Models.Encoders;

/// <summary>
/// The shape of a network that reads texts, in a system that takes any of them (<see cref="TowerChoice"/> lists them). Which record it is
/// says which tower; <c>text.tower</c> names it in <c>config.yaml</c> and on the command line.
/// </summary>
public abstract record TextTowerOptions
{
    /// <summary>The tower's name where the record stands for a choice; null for a system's usual tower and where there is no
    /// choice.</summary>
    [YamlMember(Order = -1, DefaultValuesHandling = DefaultValuesHandling.OmitNull)]
    public string? Tower { get; init; }

    /// <summary>Blocks, as layer-wise learning rates count them.</summary>
    internal abstract int Depth { get; }

    /// <summary>Width of its sequence.</summary>
    internal abstract int SequenceWidth { get; }

    /// <summary>Whether it reads the token before a text, which T5's tokenizer does not put there.</summary>
    internal virtual bool ReadsStartToken => true;

    /// <summary>Checks every setting against the longest text.</summary>
    /// <exception cref="OptionException">One is outside its range, or the longest text does not fit.</exception>
    internal abstract void Check(int contextLength);

    /// <summary>Builds the tower with random weights.</summary>
    /// <param name="surroundings">What the system around it has decided.</param>
    internal abstract TextTower Build(TowerSurroundings surroundings);
}
