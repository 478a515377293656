// What all commands have in common.
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Duet.Cli;

/// <summary>A command with examples under its help. A new one is a class of its own and one line in <see cref="CommandLine"/>.</summary>
internal abstract class Verb : Command
{
    /// <summary>Creates the command.</summary>
    /// <param name="name">The word on the command line.</param>
    /// <param name="summary">What it does, in one sentence.</param>
    /// <param name="details">What else one should know, shown in its own help only.</param>
    /// <param name="examples">Command lines that work as they are, once the files are there.</param>
    protected Verb(string name, string summary, string details, params string[] examples)
        : base(name, summary)
    {
        // A handler makes the parser accept the command without a further one; CommandLine calls Run itself.
        SetAction(_ => ExitCode.Success);
        Options.Add(new HelpOption { Action = new HelpWithExamples(new HelpAction(), $"{summary} {details}", examples) });
    }

    /// <summary>Does the work.</summary>
    /// <returns>The exit code.</returns>
    public abstract int Run(ParseResult parsed, Session session);

    private sealed class HelpWithExamples(HelpAction help, string description, string[] examples) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.CommandResult.Command.Description = description;
            var code = help.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine(examples.Length == 1 ? "Example:" : "Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
            return code;
        }
    }
}
