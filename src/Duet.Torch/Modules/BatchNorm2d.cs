// Batch normalisation over pictures.
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
        Weight = AddParameter("weight", Tensor.Ones([channels]));
        Bias = AddParameter("bias", Tensor.Zeros([channels]));
        _runningMean = AddBuffer("running_mean", Tensor.Zeros([channels]));
        _runningVariance = AddBuffer("running_var", Tensor.Ones([channels]));
        _batches = AddBuffer("num_batches_tracked", Tensor.Zeros([], ScalarType.Int64));
    }

    /// <summary>The scale, <c>[C]</c>.</summary>
    public Tensor Weight { get; }

    /// <summary>The shift, <c>[C]</c>.</summary>
    public Tensor Bias { get; }

    /// <summary>Whether the running statistics are used even while training: a frozen tower.</summary>
    public bool IsFrozen { get; set; }

    /// <summary><c>[B, C, H, W] -> [B, C, H, W]</c>; while training the running statistics move.</summary>
    public Tensor Forward(Tensor input)
    {
        var training = IsTraining && !IsFrozen;
        if (training)
        {
            using var one = Tensor.Ones([], ScalarType.Int64, _batches.Device);
            _batches.AddInPlace(one);
        }

        return Functional.BatchNorm(input, Weight, Bias, _runningMean, _runningVariance, training, _momentum, _epsilon);
    }
}
