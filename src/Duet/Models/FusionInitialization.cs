// How the sequence-wise transformer starts.
namespace Duet.Models;

/// <summary>Where the sequence-wise transformer's first weights come from.</summary>
public enum FusionInitialization
{
    /// <summary>Random numbers.</summary>
    Random,

    /// <summary>Copies of the first blocks of CLIP's text tower.</summary>
    TextTower,
}
