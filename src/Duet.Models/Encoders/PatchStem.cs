// How pixels become patch embeddings.
namespace Duet.Models.Encoders;

/// <summary>The first layers of a vision transformer.</summary>
public enum PatchStem
{
    /// <summary>One convolution with the patch as its kernel and stride (ViT, CLIP).</summary>
    Linear,

    /// <summary>
    /// 3 x 3 convolutions of stride 2 with batch norm and ReLU, then a 1 x 1 convolution (Xiao et al., arXiv 2106.14881):
    /// what makes a vision transformer learn from thousands instead of millions of pictures.
    /// </summary>
    Convolutional,

    /// <summary>A residual network whose map's cells are the patches: the hybrid of the vision transformer's paper (arXiv
    /// 2010.11929).</summary>
    Residual,
}
