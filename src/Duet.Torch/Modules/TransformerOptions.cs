// The settings of a stack of transformer blocks.
namespace Duet.Torch.Modules;

/// <summary>The shape of a transformer.</summary>
/// <param name="Width">Width D of the sequence.</param>
/// <param name="Heads">Attention heads; D is a multiple of it.</param>
/// <param name="Layers">The number of blocks.</param>
/// <param name="MlpWidth">Width of the hidden layer of each block's MLP; usually 4 D.</param>
public sealed record TransformerOptions(long Width, int Heads, int Layers, long MlpWidth)
{
    /// <summary>The activation inside the MLP.</summary>
    public Activation Activation { get; init; } = Activation.QuickGelu;

    /// <summary>Whether the norms come before the sub-layers (ViT, CLIP) or after the sums (BERT).</summary>
    public bool PreNorm { get; init; } = true;

    /// <summary>Epsilon of the layer norms.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Probability of dropping an element of a sub-layer's result while training.</summary>
    public double Dropout { get; init; }

    /// <summary>Probability of dropping an attention weight while training.</summary>
    public double AttentionDropout { get; init; }
}
