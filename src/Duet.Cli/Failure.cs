// The one place that turns errors into what the user reads and what the shell gets.
using Duet.Data;
using Duet.Models;
using Duet.Models.Pretrained.Hub;
using Duet.Runs;
using Duet.Torch;
using Duet.Torch.Safetensors;
using Duet.Vision;

namespace Duet.Cli;

/// <summary>An error as it is shown.</summary>
/// <param name="Message">What went wrong and what to do.</param>
/// <param name="Code">The exit code.</param>
/// <param name="IsExpected">Whether the message says all; otherwise the stack trace is worth a look.</param>
internal sealed record Failure(string Message, int Code, bool IsExpected)
{
    /// <summary>Describes an exception.</summary>
    public static Failure Of(Exception exception) =>
        exception switch
        {
            UsageException or OptionException => new(exception.Message, ExitCode.WrongUsage, true),

            // A source of weights that was named and is not there.
            Models.Pretrained.PretrainedException { IsMissing: true } => new(exception.Message, ExitCode.WrongUsage, true),

            // A table and a column together: a column was named that is not there (or is there twice).
            TableException { File: not null, Column: not null } => new(exception.Message, ExitCode.WrongUsage, true),
            OperationCanceledException => new("Stopped.", ExitCode.Interrupted, true),
            TableException
            or RunException
            or SafetensorsException
            or HubException
            or Training.TrainingException
            or Inference.ProductInputException => new(exception.Message, ExitCode.Failure, true),
            OutputClosedException => new(exception.Message, ExitCode.OutputClosed, true),
            IOException or UnauthorizedAccessException => new(exception.Message, ExitCode.Failure, true),
            DllNotFoundException => new(exception.Message, ExitCode.Failure, true),
            TorchException => new(exception.Message, ExitCode.Failure, false),
            System.Runtime.InteropServices.ExternalException => new($"libtorch: {exception.Message}", ExitCode.Failure, false),
            AggregateException { InnerExceptions: [var only] } => Of(only),
            TypeInitializationException { InnerException: { } inner } => Of(inner),
            OutOfMemoryException => new(
                "The machine's memory is used up; make --batch-size smaller, or in training the memory for decoded pictures (--set "
                    + "picture_cache_bytes=100000000).",
                ExitCode.Failure,
                true
            ),
            _ => new($"Unexpected error ({exception.GetType().Name}): {exception.Message}", ExitCode.Failure, false),
        };
}
