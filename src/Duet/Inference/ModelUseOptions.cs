// How a trained model is used.
using Duet.Models;
using Duet.Text;
using Duet.Torch;
using Duet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Inference;

/// <summary>How a model computes; none of this changes what it was trained to do.</summary>
public sealed record ModelUseOptions
{
    /// <summary>Threads of one forward pass; all cores by default, which answers a single caller soonest. With fewer, several callers'
    /// passes run side by side: one thread each answers most callers per second.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>The arithmetic. float32 by default, whatever the model was trained in: answers then do not depend on the machine's bf16
    /// units.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Products per forward pass where there are many.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Threads that decode pictures while tables are read.</summary>
    public int LoaderThreads { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>From which probability on a class of a multi-label task counts as given.</summary>
    public float Threshold { get; init; } = 0.5f;

    /// <summary>Whether a calibrated run gives calibrated probabilities and decisions; off, it is used as if it had never been
    /// calibrated.</summary>
    public bool Calibrated { get; init; } = true;

    /// <summary>What is done with long texts; null for what the run says.</summary>
    public LongText? LongText { get; init; }

    /// <summary>Exact or fast preparation of pictures; null for what the run says.</summary>
    public PreprocessingMode? Preprocessing { get; init; }

    /// <summary>A run's settings with what is changed here.</summary>
    /// <param name="options">The run's settings.</param>
    public ModelOptions Apply(ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options with
        {
            LongText = LongText ?? options.LongText,
            Preprocessing = options.Preprocessing with { Mode = Preprocessing ?? options.Preprocessing.Mode },
        };
    }

    /// <summary>Checks every setting.</summary>
    /// <returns>The device.</returns>
    /// <exception cref="OptionException">One is outside its range, or this machine has no such device.</exception>
    public Device Validate()
    {
        OptionException.Require(nameof(Threads), Threads, 1, 1024, "one thread at least computes");
        OptionException.Require(nameof(BatchSize), BatchSize, 1, 65_536, "a forward pass needs a product and must fit memory");
        OptionException.Require(nameof(LoaderThreads), LoaderThreads, 1, 256, "one thread at least loads");
        OptionException.Require(
            Threshold is > 0 and < 1,
            $"{nameof(Threshold)} is {Threshold}; it must be between 0 and 1: it is compared with probabilities."
        );
        OptionException.Require(Enum.IsDefined(Precision), $"{nameof(Precision)} {Precision} is unknown; there are fp32, bf16 and auto.");
        try
        {
            var device = DeviceName.Parse(Device);
            OptionException.Require(
                !device.IsCuda || TorchRuntime.IsCudaAvailable,
                $"{nameof(Device)} is {Device}, but this build of Duet computes on the CPU or finds no GPU; for a CUDA GPU see "
                    + $"docs/use/set-up.md."
            );
            return device;
        }
        catch (FormatException e)
        {
            throw new OptionException(e.Message, e);
        }
    }
}
