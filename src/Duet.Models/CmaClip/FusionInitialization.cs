// How the sequence-wise transformer starts.
namespace Duet.Models;

/// <summary>Where the sequence-wise transformer's first weights come from.</summary>
public enum FusionInitialization
{
    /// <summary>Random numbers.</summary>
    Random,

    /// <summary>Copies of the first blocks of CLIP's text tower.</summary>
    TextTower,

    /// <summary>
    /// Random, but every residual branch ends in zeros, so that the transformer begins as the identity and lets the towers' own positions
    /// through (Goyal et al., arXiv 1706.02677, section 5.1, for residual networks): training begins where a model without it begins.
    /// </summary>
    Identity,
}
