// Progress of a check of a data set.
using System.Diagnostics;
using System.Globalization;
using Duet.Data.Checks;
using Spectre.Console;

namespace Duet.Cli.Console;

/// <summary>Shows the stage and how far it is.</summary>
internal static class CheckProgress
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Blink = TimeSpan.FromSeconds(0.1);

    /// <summary>Runs a check under a spinner, or under a line now and then where the output is not a terminal.</summary>
    public static T Run<T>(Terminal terminal, Func<IProgress<DataCheckProgress>, T> job) =>
        terminal.IsLive
            ? terminal
                .Error.Status()
                .Start("reading", context => job(new Paced(Blink, state => context.Status(Markup.Escape(Describe(state))))))
            : job(new Paced(Silence, state => terminal.Line(Describe(state))));

    private static string Describe(DataCheckProgress state) =>
        state.Total > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{state.Stage}: {state.Done} of {state.Total}")
            : string.Create(CultureInfo.InvariantCulture, $"{state.Stage}: {state.Done}");

    // Told from many threads, for every picture.
    private sealed class Paced(TimeSpan pause, Action<DataCheckProgress> told) : IProgress<DataCheckProgress>
    {
        private readonly Lock _gate = new();
        private readonly Stopwatch _since = Stopwatch.StartNew();

        public void Report(DataCheckProgress value)
        {
            lock (_gate)
            {
                if (_since.Elapsed >= pause)
                {
                    told(value);
                    _since.Restart();
                }
            }
        }
    }
}
