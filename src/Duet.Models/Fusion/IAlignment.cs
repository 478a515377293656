// Which word belongs to which part of the picture.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Fusion;

/// <summary>
/// Says how strongly words and parts of the picture belong together, for alignment-guided masking. Kaleido-BERT's paper reads it off a
/// captioner's attention (Zhuge et al., arXiv 2103.16110, section 3.2); any trained cross-attention will do.
/// </summary>
public interface IAlignment
{
    /// <summary>Scores of words against the cells of a square grid over the picture, <c>[B, L, G * G]</c>, row by row; higher belongs
    /// more.</summary>
    /// <param name="batch">Products with picture and text.</param>
    Tensor Align(Batch batch);
}
