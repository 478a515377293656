// Names of activations in published configurations.
using Duet.Torch;

namespace Duet.Models.Pretrained;

/// <summary>Reads activation names as Hugging Face's configurations spell them (<c>hidden_act</c>).</summary>
public static class PublishedActivation
{
    /// <summary>The activation of a name.</summary>
    /// <exception cref="OptionException">The name is not known; the message lists those that are.</exception>
    public static Activation Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name switch
        {
            "gelu" or "gelu_python" => Activation.Gelu,
            "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" => Activation.GeluTanh,
            "quick_gelu" => Activation.QuickGelu,
            "relu" => Activation.Relu,
            "silu" or "swish" => Activation.Silu,
            "tanh" => Activation.Tanh,
            _ => throw new OptionException(
                $"The activation '{name}' is not known; known are gelu, gelu_python, gelu_new, gelu_pytorch_tanh, gelu_fast, "
                    + $"quick_gelu, relu, silu, swish and tanh."
            ),
        };
    }
}
