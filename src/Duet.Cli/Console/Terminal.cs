// Where the command line writes: results to standard output, everything else to standard error.
using Duet.Torch.Safetensors;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace Duet.Cli.Console;

/// <summary>The two streams of a command.</summary>
internal sealed class Terminal
{
    // Wide enough that no table is wrapped in a file or a pipe.
    private const int RedirectedWidth = 200;

    // Closed standard streams, held so that no file is opened under their numbers.
    private readonly List<SafeFileHandle> _held = [];
    private readonly bool _isErrorRedirected;

    /// <summary>Opens the process's own streams.</summary>
    public Terminal()
    {
        HoldClosedStreams();
        if (System.Console.IsOutputRedirected && !OperatingSystem.IsWindows())
        {
            // .NET's own stream to a pipe keeps silent when its reader has gone.
            System.Console.SetOut(new StreamWriter(DirectOutput.OpenDescriptor(1), System.Console.OutputEncoding) { AutoFlush = true });
        }

        if (System.Console.IsErrorRedirected && !OperatingSystem.IsWindows())
        {
            System.Console.SetError(
                new StreamWriter(DirectOutput.OpenDescriptor(2, bestEffort: true), System.Console.OutputEncoding) { AutoFlush = true }
            );
        }

        Out = Create(System.Console.Out, System.Console.IsOutputRedirected);
        Error = Create(System.Console.Error, System.Console.IsErrorRedirected);
        _isErrorRedirected = System.Console.IsErrorRedirected;
        IsLive = !_isErrorRedirected && Error.Profile.Capabilities.Interactive && Error.Profile.Capabilities.Ansi;
    }

    /// <summary>Writes to other streams as to files, for a program that has this command line in it; the console's are replaced.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    internal Terminal(TextWriter output, TextWriter error)
    {
        System.Console.SetOut(output);
        System.Console.SetError(error);
        (Out, Error, _isErrorRedirected) = (Create(output, redirected: true), Create(error, redirected: true), true);
    }

    /// <summary>Results.</summary>
    public IAnsiConsole Out { get; }

    /// <summary>Progress, remarks and errors.</summary>
    public IAnsiConsole Error { get; }

    /// <summary>Whether somebody watches and lines can be redrawn.</summary>
    public bool IsLive { get; }

    /// <summary>Writes a sentence to standard output whose commands can be pasted.</summary>
    public static void Advise(string text) => Say(CommandName.In(text));

    /// <summary>Writes results as they are, never wrapped or coloured: for machines and for whole sentences.</summary>
    public static void Say(string text) => System.Console.Out.WriteLine(text);

    /// <summary>Writes a line of progress; never wrapped where it goes to a file.</summary>
    public void Line(string text)
    {
        text = CommandName.In(text);
        if (_isErrorRedirected)
        {
            System.Console.Error.WriteLine(text);
        }
        else
        {
            Error.WriteLine(text);
        }
    }

    /// <summary>Writes a remark.</summary>
    public void Remark(string text)
    {
        text = CommandName.In(text);
        if (_isErrorRedirected)
        {
            System.Console.Error.WriteLine(text);
        }
        else
        {
            Error.WriteLine(text, new Style(decoration: Decoration.Dim));
        }
    }

    /// <summary>Writes what must not be overlooked, in red.</summary>
    public void Warn(string text)
    {
        if (_isErrorRedirected)
        {
            System.Console.Error.WriteLine(text);
        }
        else
        {
            Error.WriteLine(text, new Style(Color.Red, decoration: Decoration.Bold));
        }
    }

    /// <summary>Writes an error.</summary>
    public void Complain(string text)
    {
        text = CommandName.In(text);
        if (_isErrorRedirected)
        {
            System.Console.Error.WriteLine($"duet: {text}");
        }
        else
        {
            Error.Write(
                new Paragraph().Append("duet: ", new Style(Color.Red, decoration: Decoration.Bold)).Append(text + Environment.NewLine)
            );
        }
    }

    // Whoever closed a standard stream (>&-) left its number to the next file that is opened, and lines meant for people would go into it.
    private void HoldClosedStreams()
    {
        const int LastStandardStream = 2;
        while (!OperatingSystem.IsWindows())
        {
            var handle = File.OpenHandle("/dev/null");
            if (handle.DangerousGetHandle() > LastStandardStream)
            {
                handle.Dispose();
                return;
            }

            _held.Add(handle);
        }
    }

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
                ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            }
        );
        if (redirected)
        {
            console.Profile.Width = RedirectedWidth;
        }

        return console;
    }
}
