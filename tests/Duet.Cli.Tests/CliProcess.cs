// Runs the built command line as users do: as a process of its own.
using System.Diagnostics;
using System.Text;

namespace Duet.Cli.Tests;

/// <summary>A started <c>duet</c>.</summary>
internal sealed class CliProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Lock _gate = new();

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Duet.Cli.dll");

    private CliProcess(string folder, string[] arguments, IReadOnlyDictionary<string, string?>? environment = null)
        : this(folder, environment, ["dotnet", Program, .. arguments]) { }

    private CliProcess(string folder, IReadOnlyDictionary<string, string?>? environment, string[] command)
    {
        // A test run that was started in the background of a script has Ctrl-C ignored, and so would have every process below it.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", .. command])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };

        // Messages name the program as the tests expect it, whatever it is called around them.
        start.Environment.Remove("DUET_COMMAND");
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Error => Read(_error);

    private string Output => Read(_output);

    /// <summary>Runs to the end.</summary>
    public static CliResult Run(string folder, params string[] arguments)
    {
        using var started = new CliProcess(folder, arguments);
        return started.Wait();
    }

    /// <summary>Runs to the end with changed environment variables; null removes one.</summary>
    public static CliResult Run(string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        using var started = new CliProcess(folder, arguments, environment);
        return started.Wait();
    }

    /// <summary>Runs a script of bash to its end; <c>duet</c> is known there.</summary>
    public static CliResult Shell(string folder, string script)
    {
        using var started = new CliProcess(folder, environment: null, ["bash", "-c", $"duet() {{ dotnet '{Program}' \"$@\"; }}\n{script}"]);
        return started.Wait();
    }

    /// <summary>Starts without waiting.</summary>
    public static CliProcess Start(string folder, params string[] arguments) => new(folder, arguments);

    /// <summary>Starts with changed environment variables and without waiting; null removes one.</summary>
    public static CliProcess Start(string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        new(folder, arguments, environment);

    /// <summary>Whether it has come to its end.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Waits for a text on standard error; false where the process ends before.</summary>
    public bool WaitFor(string text)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience && !_process.HasExited)
        {
            if (Error.Contains(text, StringComparison.Ordinal))
            {
                return true;
            }

            Thread.Sleep(5);
        }

        return Error.Contains(text, StringComparison.Ordinal) && !_process.HasExited;
    }

    /// <summary>SIGKILL: no chance to tidy up.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGINT, as Ctrl-C sends it.</summary>
    public void Interrupt() => Signal("-INT");

    /// <summary>SIGTERM, as service managers send it.</summary>
    public void Terminate() => Signal("-TERM");

    /// <summary>Waits for the end.</summary>
    public CliResult Wait()
    {
        if (!_process.WaitForExit(Patience))
        {
            _process.Kill();
            throw new TimeoutException($"duet did not end. It wrote: {Output} {Error}");
        }

        _process.WaitForExit();
        return new CliResult(_process.ExitCode, Output, Error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private void Append(StringBuilder text, string? line)
    {
        lock (_gate)
        {
            if (line is not null)
            {
                text.AppendLine(line);
            }
        }
    }

    private string Read(StringBuilder text)
    {
        lock (_gate)
        {
            return text.ToString();
        }
    }
}
