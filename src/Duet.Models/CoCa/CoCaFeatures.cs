// What CoCa's classifiers read.
namespace Duet.Models;

/// <summary>Which of CoCa's results the tasks' heads are given.</summary>
public enum CoCaFeatures
{
    /// <summary>The two contrastive embeddings side by side: pooled picture, text's class token.</summary>
    Pooled,

    /// <summary>The multimodal decoder's state at the end token (the paper's recipe for picture and text, appendix B).</summary>
    Decoder,

    /// <summary>Both side by side.</summary>
    Both,
}
