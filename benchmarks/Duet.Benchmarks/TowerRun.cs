// CLIP's picture tower alone.
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Benchmarks;

/// <summary>Runs the vision transformer of a CLIP preset, with random weights, on one fixed random batch.</summary>
internal sealed class TowerRun : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly VisionTransformer _tower;
    private readonly Tensor _pixels;

    public TowerRun(ClipOptions options, int batch)
    {
        TorchRuntime.Seed(1);
        _tower = new VisionTransformer((VisionTransformerOptions)options.Image, options.ImageSize, options.JointWidth, options.Blocks);
        _tower.train(false);
        _pixels = Tensors.Normal([batch, 3, options.ImageSize, options.ImageSize]);
    }

    public long Parameters => _tower.ParameterCount();

    /// <summary>Samples per second.</summary>
    public double Time(Precision precision, double seconds) =>
        Rate.Of(
            () =>
            {
                using var scope = NewDisposeScope();
                using var recording = no_grad();
                using var autocast = new Autocast(CPU, enabled: precision == Precision.Bf16);
                _tower.Forward(_pixels);
            },
            _pixels.size(0),
            seconds
        );

    public void Dispose()
    {
        _tower.Dispose();
        _scope.Dispose();
    }
}
