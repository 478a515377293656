// Patch embedding by a stack of small convolutions.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// Convolutions 3 x 3, each with batch norm and ReLU: stages of one with stride 2, which halves the picture, and any further ones of
/// stride 1; channels double from stage to stage up to the tokens' width; then a 1 x 1 convolution (Xiao et al., "Early Convolutions Help
/// Transformers See Better", arXiv 2106.14881, section 4).
/// </summary>
public sealed class ConvolutionalStem : Module
{
    private readonly ModuleList<Conv2d> _convolutions = new();
    private readonly ModuleList<BatchNorm2d> _norms = new();
    private readonly Conv2d _projection;

    /// <summary>Creates a stem.</summary>
    /// <param name="patchSize">Pixels of a patch's side, a power of two: its logarithm is the number of stages.</param>
    /// <param name="width">Channels of the last stage.</param>
    /// <param name="depth">Convolutions per stage.</param>
    public ConvolutionalStem(int patchSize, int width, int depth = 1)
    {
        Add("convolutions", _convolutions);
        Add("norms", _norms);
        var steps = int.Log2(patchSize);
        var inputs = 3;
        for (var step = 0; step < steps; step++)
        {
            var outputs = width >> (steps - 1 - step);
            for (var layer = 0; layer < depth; layer++)
            {
                _convolutions.Append(new Conv2d(inputs, outputs, 3, stride: layer == 0 ? 2 : 1, padding: 1, bias: false));
                _norms.Append(new BatchNorm2d(outputs));
                inputs = outputs;
            }
        }

        _projection = Add("projection", new Conv2d(width, width, 1, deviation: Math.Pow(width, -0.5)));
    }

    /// <summary><c>[B, 3, S, S] -> [B, width, S / patch, S / patch]</c>.</summary>
    public Tensor Forward(Tensor pixels)
    {
        var hidden = pixels;
        for (var step = 0; step < _convolutions.Count; step++)
        {
            hidden = _norms[step].After(_convolutions[step], hidden).relu();
        }

        return _projection.Forward(hidden);
    }
}
