// The options of commands that use a trained model.
using System.CommandLine;
using Duet.Inference;
using Duet.Models;
using Duet.Training;

namespace Duet.Cli.Settings;

/// <summary>How a trained model computes.</summary>
/// <param name="calibrated">
/// Whether the command uses calibrations; one that makes them takes no --calibrated, and its --precision is another one than the
/// arithmetic's.
/// </param>
/// <param name="tables">Whether the command reads tables, and so has their batches and loading threads.</param>
internal sealed class UseOptionSet(bool calibrated = true, bool tables = true)
{
    private static readonly ModelUseOptions Defaults = new();

    private readonly SettingOption[] _settings =
    [
        new("threads", "T", $"Threads that compute, 1 to 1024 (all cores: {Defaults.Threads} here)."),
        new("loader_threads", "T", $"Threads that decode pictures of a table, 1 to 256 ({Defaults.LoaderThreads} here)."),
        new("batch_size", "N", $"Products per forward pass over a table, 1 to 65536 ({Defaults.BatchSize})."),
        new(
            "precision",
            "fp32|bf16|auto",
            "The arithmetic of large products (fp32); auto takes bf16 if the processor or GPU supports it in hardware."
        ),
        new("device", "cpu|cuda", "Where to compute (cpu); a CUDA GPU needs a build for it, see docs/use/set-up.md."),
        new(
            "long_text",
            "head|head-tail|chunk",
            "What happens to texts longer than the model's context, if it differs from training: their beginning, beginning and end, "
                + "or all in pieces whose results are averaged."
        ),
        new("preprocessing", "fast|exact", "How pictures are prepared, if it differs from the run's setting."),
        new(
            "threshold",
            "P",
            $"The least probability with which a class of a multi-label task is predicted, between 0 and 1 "
                + $"({SettingValue.Format(Defaults.Threshold)})."
        ),
        new("calibrated", "true|false", "Whether a calibrated run gives calibrated probabilities and decisions (true)."),
    ];

    private IEnumerable<SettingOption> Offered =>
        _settings.Where(option =>
            (calibrated || option.Setting is not ("precision" or "calibrated"))
            && (tables || option.Setting is not ("batch_size" or "loader_threads"))
        );

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in Offered)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="OptionException">A value does not have its type or out of range.</exception>
    public ModelUseOptions Read(ParseResult parsed) => SettingOption.Apply(Offered, parsed, Defaults);

    /// <summary>The argument that names a run.</summary>
    public static Argument<string> RunArgument() => new("RUN") { Description = "The run folder that `duet train --output RUN` wrote." };
}
