// Batch normalisation over pictures.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Modules;

/// <summary>Batch normalisation of <c>[B, C, H, W]</c> (Ioffe and Szegedy, arXiv 1502.03167) with running statistics.</summary>
public sealed class BatchNorm2d : Module
{
    private readonly double _epsilon;
    private readonly double _momentum;
    private readonly Tensor _runningMean;
    private readonly Tensor _runningVariance;
    private readonly Tensor _batches;

    /// <summary>Creates the normalisation of <paramref name="channels"/> channels.</summary>
    public BatchNorm2d(long channels, double epsilon = 1e-5, double momentum = 0.1)
    {
        (_epsilon, _momentum) = (epsilon, momentum);
        Weight = AddParameter("weight", ones([channels]));
        Bias = AddParameter("bias", zeros([channels]));
        _runningMean = AddBuffer("running_mean", zeros([channels]));
        _runningVariance = AddBuffer("running_var", ones([channels]));
        _batches = AddBuffer("num_batches_tracked", zeros([], dtype: ScalarType.Int64));
    }

    /// <summary>The scale, <c>[C]</c>.</summary>
    public Tensor Weight { get; }

    /// <summary>The shift, <c>[C]</c>.</summary>
    public Tensor Bias { get; }

    /// <summary>Whether the running statistics are used even while training: a frozen tower.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>A convolution and this normalisation of its result. Where the running statistics are used, both are one convolution with
    /// other values.</summary>
    /// <param name="convolution">The convolution, to C channels.</param>
    /// <param name="input"><c>[B, inputs, H, W]</c>.</param>
    public Tensor After(Conv2d convolution, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(convolution);
        if (training && !IsFrozen)
        {
            return Forward(convolution.Forward(input));
        }

        var scale = Weight * (_runningVariance.Plus(_epsilon)).rsqrt();
        var mean = convolution.Bias is null ? _runningMean : _runningMean - convolution.Bias;
        return convolution.Forward(input, convolution.Weight * scale.reshape(-1, 1, 1, 1), Bias - (mean * scale));
    }

    /// <summary><c>[B, C, H, W] -> [B, C, H, W]</c>; while training the running statistics move.</summary>
    public Tensor Forward(Tensor input)
    {
        var batchStatistics = training && !IsFrozen;
        if (batchStatistics)
        {
            _batches.AddInPlace(1);
        }

        return nn.functional.batch_norm(input, _runningMean, _runningVariance, Weight, Bias, batchStatistics, _momentum, _epsilon);
    }
}
