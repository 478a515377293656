// The whole command line: its verbs, how it is parsed, stopped and how errors end.
using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using Duet.Cli.Commands;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Data;
using Duet.Models;

namespace Duet.Cli;

/// <summary>Parses and runs a command line.</summary>
internal static class CommandLine
{
    private static readonly Option<bool> Verbose = new("--verbose", "-v")
    {
        Description = "Show the stack trace of an error.",
        Recursive = true,
    };

    /// <summary>Runs a command line to its end.</summary>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args) => Run(args, new Terminal());

    /// <summary>Runs a command line that writes to a given terminal.</summary>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    internal static int Run(string[] args, Terminal terminal)
    {
        var root = CreateRoot();
        var parsed = Parse(root, args);
        try
        {
            if (args.Length == 0)
            {
                Explain(root.Parse("--help"));
                return ExitCode.WrongUsage;
            }

            return parsed.Action is ParseErrorAction ? Refuse(parsed, terminal)
                : parsed.CommandResult.Command is Verb verb && ReferenceEquals(parsed.Action, verb.Action) ? RunVerb(verb, parsed, terminal)
                : Explain(parsed);
        }
#pragma warning disable CA1031 // The last stop of every error: here it becomes a message and an exit code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return End(exception, parsed, terminal);
        }
    }

    /// <summary>Parses the words behind <c>duet</c>.</summary>
    /// <param name="root">All commands, see <see cref="CreateRoot"/>.</param>
    /// <param name="args">The words.</param>
    // No response files: a product text may begin with an @.
    internal static ParseResult Parse(RootCommand root, IReadOnlyList<string> args) =>
        root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });

    // --help and --version. The parser calls the program by its assembly's name; users call it duet.
    private static int Explain(ParseResult parsed)
    {
        using var text = new StringWriter();
        var code = parsed.Invoke(new InvocationConfiguration { Output = text });
        Terminal.Advise(text.ToString().Replace(RootCommand.ExecutableName, "duet", StringComparison.Ordinal).TrimEnd());
        return code;
    }

    /// <summary>All commands with their options.</summary>
    internal static RootCommand CreateRoot()
    {
        var test = CommandName.IsLauncher ? "; `duet test` runs Duet's own tests" : string.Empty;
        var root = new RootCommand(
            $"""
            Duet classifies products from a picture and a text together: train on a table, get a model that fills in attributes,
            says how sure it is and which of picture and text it went by.

            Begin with `duet demo`. `duet COMMAND --help` explains a command{test}.
            Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.
            """
        )
        {
            new DemoCommand(),
            new TrainCommand(),
            new EvaluateCommand(),
            new CalibrateCommand(),
            new ReportCommand(),
            new PredictCommand(),
            new ServeCommand(),
            new TaxonomyCommand(),
            new EmbedCommand(),
            new InspectCommand(),
            new ImportCommand(),
            new PullCommand(),
            new CompareCommand(),
            new AblateCommand(),
            new ZeroShotCommand(),
            new CaptionCommand(),
            new ExplainCommand(),
            new RobustnessCommand(),
            new DataCommand(),
            Verbose,
        };
        return root;
    }

    private static int Refuse(ParseResult parsed, Terminal terminal)
    {
        if (parsed.CommandResult.Command is RootCommand root && parsed.UnmatchedTokens is [var unknown, ..])
        {
            var nearest = NameSuggestion.Nearest(unknown, root.Subcommands.Select(command => command.Name));
            terminal.Complain($"There is no command '{unknown}'.{(nearest is null ? string.Empty : $" Did you mean '{nearest}'?")}");
            terminal.Remark("`duet --help` shows the commands.");
            return ExitCode.WrongUsage;
        }

        foreach (var error in parsed.Errors)
        {
            terminal.Complain(error.Message);
        }

        var path = $"duet {string.Concat(Names(parsed.CommandResult.Command).Reverse().Select(name => name + " "))}--help";
        terminal.Remark($"`{path}` lists what there is.");
        return ExitCode.WrongUsage;
    }

    private static IEnumerable<string> Names(Command command) =>
        command is RootCommand ? [] : [command.Name, .. command.Parents.OfType<Command>().Take(1).SelectMany(Names)];

    private static int RunVerb(Verb verb, ParseResult parsed, Terminal terminal)
    {
        using var stop = new CancellationTokenSource();
        void OnSignal(PosixSignalContext context)
        {
            // The first signal asks; a second one, unhandled, ends the process at once.
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        return verb.Run(parsed, new Session(terminal, stop.Token));
    }

    private static int End(Exception exception, ParseResult parsed, Terminal terminal)
    {
        var failure = Failure.Of(exception);
        if (failure.Code == ExitCode.OutputClosed)
        {
            return failure.Code;
        }

        terminal.Complain(exception is OptionException ? OptionNames.In(failure.Message, parsed.CommandResult.Command) : failure.Message);
        if (parsed.GetValue(Verbose))
        {
            terminal.Line(exception.ToString());
        }
        else if (!failure.IsExpected)
        {
            terminal.Remark("Run it again with --verbose for the stack trace.");
        }

        return failure.Code;
    }
}
