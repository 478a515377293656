// How a modality's part of the joint sequence becomes one embedding.
namespace Duet.Models;

/// <summary>What CMA-CLIP takes as a modality's aggregate embedding; no source about the paper (arXiv 2112.03562) says which.</summary>
public enum Aggregation
{
    /// <summary>The class token of the picture and the end token of the text, where CLIP reads its towers.</summary>
    SpecialTokens,

    /// <summary>The mean of the patches and of the text's tokens.</summary>
    Mean,

    /// <summary>For each task a weighted mean of the class token and patches, and of the text's tokens, by keyless attention (Long et al.
    /// 2018; docs/decisions/010).</summary>
    TaskAttention,
}
