// The two published forms of Kaleido-BERT's pre-training.
using Duet.Models.Fusion;

namespace Duet.Models;

/// <summary>Which description of Kaleido-BERT's pre-training is followed where paper and code differ.</summary>
public enum KaleidoForm
{
    /// <summary>The paper's (arXiv 2103.16110): masking guided by alignment where there is one, and each greyed patch's own features as its
    /// target.</summary>
    Paper,

    /// <summary>
    /// The published code's (mczhuge/Kaleido-BERT): random masking of at most ten words, and one softmax over all greyed patches of a
    /// picture together.
    /// </summary>
    Code,
}
