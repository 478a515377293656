// Which kind of picture tower a CLIP has.
namespace Duet.Models.Encoders;

/// <summary>The two families of CLIP's picture towers.</summary>
public enum ImageTower
{
    /// <summary>Patches through a transformer (ViT-B/32, ...).</summary>
    VisionTransformer,

    /// <summary>Convolutions with an attention pool (RN50, ...).</summary>
    ModifiedResNet,
}
