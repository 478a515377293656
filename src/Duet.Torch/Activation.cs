// The activation functions that published models use.
namespace Duet.Torch;

/// <summary>An activation function, by its name in published configurations.</summary>
public enum Activation
{
    /// <summary><c>max(x, 0)</c>.</summary>
    Relu,

    /// <summary>Gaussian error linear unit, exact (erf): BERT, ViT, Perceiver, CoCa.</summary>
    Gelu,

    /// <summary>Gaussian error linear unit in the tanh form: EasyTransfer's BERT.</summary>
    GeluTanh,

    /// <summary><c>x sigmoid(1.702 x)</c>: OpenAI's CLIP.</summary>
    QuickGelu,

    /// <summary>Hyperbolic tangent: BERT's pooler.</summary>
    Tanh,

    /// <summary><c>x sigmoid(x)</c>, also called swish (arXiv 1606.08415, 1710.05941).</summary>
    Silu,
}
