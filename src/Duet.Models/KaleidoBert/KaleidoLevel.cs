// The five grids of Kaleido-BERT.
using Duet.Models.Fusion;

namespace Duet.Models;

/// <summary>Kaleido-BERT's five groups of patches, each with a pretext task of its own (Zhuge et al., arXiv 2103.16110, section
/// 3.3).</summary>
public enum KaleidoLevel
{
    /// <summary>1 x 1: which of four turns.</summary>
    Rotation = 0,

    /// <summary>2 x 2: which of the 24 orders.</summary>
    Jigsaw = 1,

    /// <summary>3 x 3: which patch is another product's.</summary>
    Camouflage = 2,

    /// <summary>4 x 4: what greyed patches look like in colour.</summary>
    Grey = 3,

    /// <summary>5 x 5: what blanked patches look like.</summary>
    Blank = 4,
}
