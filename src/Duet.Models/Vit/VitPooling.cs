// How a vision transformer becomes one vector.
namespace Duet.Models;

/// <summary>What is read from a vision transformer's last norm.</summary>
public enum VitPooling
{
    /// <summary>The class position (arXiv 2010.11929).</summary>
    ClassToken,

    /// <summary>The class position through a linear layer and tanh (Hugging Face's ViTModel; the paper's pre-training head).</summary>
    Pooler,

    /// <summary>The mean of the patches (Beyer et al., arXiv 2205.01580).</summary>
    Mean,
}
