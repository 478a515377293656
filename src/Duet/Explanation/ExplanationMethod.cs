// The ways to explain an answer.
namespace Duet.Explanation;

/// <summary>How words and parts of the picture get their scores.</summary>
public enum ExplanationMethod
{
    /// <summary>
    /// What the answer loses when a word is left out or a part of the picture is covered (Zeiler and Fergus, "Visualizing and Understanding
    /// Convolutional Networks", arXiv 1311.2901). Single cells and, on grids of three and more, squares of two by two.
    /// </summary>
    Occlusion,

    /// <summary>The gradient of the answer times the input's distance from the baseline (Shrikumar et al., arXiv 1605.01713).</summary>
    Gradient,

    /// <summary>
    /// Integrated gradients (Sundararajan et al., "Axiomatic Attribution for Deep Networks", arXiv 1703.01365): gradients averaged along
    /// the straight line from the baseline to the input. The scores sum to the difference of the answer, which is checked.
    /// </summary>
    IntegratedGradients,

    /// <summary>The attention of one block, heads averaged; the last unless another is asked for.</summary>
    Attention,

    /// <summary>Attention rollout over all blocks (Abnar and Zuidema, arXiv 2005.00928).</summary>
    Rollout,
}
