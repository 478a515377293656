// Progress of a job of a known number of steps.
using Spectre.Console;

namespace Duet.Cli.Console;

/// <summary>Shows what a job does now: under a spinner, or line by line where the output is not a terminal.</summary>
internal static class StepProgress
{
    /// <summary>Runs a job.</summary>
    /// <param name="terminal">Where to show it.</param>
    /// <param name="describe">What to say about a state.</param>
    /// <param name="job">The job; it reports its states.</param>
    public static TResult Run<TState, TResult>(Terminal terminal, Func<TState, string> describe, Func<IProgress<TState>, TResult> job) =>
        terminal.IsLive
            ? terminal
                .Error.Status()
                .Start("working", context => job(new Callback<TState>(state => context.Status(Markup.Escape(describe(state))))))
            : job(new Callback<TState>(state => terminal.Line(describe(state))));

    // Unlike Progress<T>, reports at once and on the same thread.
    private sealed class Callback<TState>(Action<TState> told) : IProgress<TState>
    {
        public void Report(TState value) => told(value);
    }
}
