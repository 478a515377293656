// The two published forms of ImageBERT.
using Duet.Models.Fusion;

namespace Duet.Models;

/// <summary>Which description of ImageBERT is followed.</summary>
public enum ImageBertForm
{
    /// <summary>
    /// The paper's (Qi et al., arXiv 2001.07966): regions with projected boxes, one position vector for all regions, and the tasks MLM,
    /// MOC, MRFR, ITM.
    /// </summary>
    Paper,

    /// <summary>
    /// EasyTransfer's, used for the Fashion-Gen figures (mczhuge/Kaleido-BERT, modeling_imagebert.py): grid patches with a position vector
    /// each, projections without bias, and the tasks MLM, ITM and masked patches by Kullback-Leibler divergence.
    /// </summary>
    EasyTransfer,
}
