// Patch embedding by a stack of small convolutions.
using Duet.Torch;
using Duet.Torch.Modules;

namespace Duet.Models.Encoders;

/// <summary>
/// Convolutions 3 x 3 of stride 2, each halving the picture and doubling the channels up to the tokens' width, each with batch norm and
/// ReLU; then a 1 x 1 convolution (Xiao et al., "Early Convolutions Help Transformers See Better", arXiv 2106.14881, section 4).
/// </summary>
public sealed class ConvolutionalStem : Module
{
    private readonly ModuleList<Conv2d> _convolutions = new();
    private readonly ModuleList<BatchNorm2d> _norms = new();
    private readonly Conv2d _projection;

    /// <summary>Creates a stem for patches of <paramref name="patchSize"/> pixels, a power of two.</summary>
    public ConvolutionalStem(int patchSize, int width)
    {
        Add("convolutions", _convolutions);
        Add("norms", _norms);
        var steps = int.Log2(patchSize);
        var inputs = 3;
        for (var step = 0; step < steps; step++)
        {
            var outputs = width >> (steps - 1 - step);
            _convolutions.Append(new Conv2d(inputs, outputs, 3, stride: 2, padding: 1, bias: false));
            _norms.Append(new BatchNorm2d(outputs));
            inputs = outputs;
        }

        _projection = Add("projection", new Conv2d(width, width, 1, deviation: Math.Pow(width, -0.5)));
    }

    /// <summary><c>[B, 3, S, S] -> [B, width, S / patch, S / patch]</c>.</summary>
    public Tensor Forward(Tensor pixels)
    {
        var hidden = pixels;
        for (var step = 0; step < _convolutions.Count; step++)
        {
            hidden = _norms[step].Forward(_convolutions[step].Forward(hidden)).Relu();
        }

        return _projection.Forward(hidden);
    }
}
