// Progress of a job over a table whose length is not known.
using System.Diagnostics;
using System.Globalization;
using Duet.Data;
using Duet.Inference;
using Spectre.Console;

namespace Duet.Cli.Console;

/// <summary>Shows rows done and their rate.</summary>
internal static class RowProgress
{
    private const int MaxValuesShown = 5;

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>Runs a job under a spinner, or under a line now and then where the output is not a terminal.</summary>
    public static T Run<T>(Terminal terminal, string verb, Func<IProgress<UseProgress>, T> job)
    {
        if (!terminal.IsLive)
        {
            var sinceLine = Stopwatch.StartNew();
            return job(
                new Callback(state =>
                {
                    if (sinceLine.Elapsed >= Silence)
                    {
                        terminal.Line(Describe(verb, state));
                        sinceLine.Restart();
                    }
                })
            );
        }

        return terminal
            .Error.Status()
            .Start(verb, context => job(new Callback(state => context.Status(Markup.Escape(Describe(verb, state))))));
    }

    /// <summary>Says what was set aside, if anything was.</summary>
    public static void TellQuarantine(Terminal terminal, Quarantine quarantine, string? where)
    {
        if (quarantine.Count > 0)
        {
            var rest = where is null ? string.Empty : $"; see {where}";
            terminal.Remark($"Set aside: {quarantine.Describe()} ({quarantine.RefusedRows} rows left out){rest}.");
        }
    }

    /// <summary>Says as the last line what was lost, if anything was.</summary>
    /// <param name="terminal">The two streams.</param>
    /// <param name="quarantine">What was set aside.</param>
    /// <param name="limit">What might be lost.</param>
    /// <param name="machine">Whether standard output is for machines and must stay as it is.</param>
    public static void TellLosses(Terminal terminal, Quarantine quarantine, LossLimit limit, bool machine = false) =>
        TellLosses(terminal, quarantine.Losses, limit, machine);

    /// <summary>Says as the last line what was lost, if anything was.</summary>
    public static void TellLosses(Terminal terminal, Losses losses, LossLimit limit, bool machine)
    {
        if (limit.Sentence(losses) is not { } sentence)
        {
            return;
        }

        if (machine)
        {
            terminal.Line(sentence);
        }
        else
        {
            Terminal.Say(sentence);
        }
    }

    /// <summary>Says how many texts did not fit the model's context and what became of them, if any.</summary>
    public static void TellLongTexts(Terminal terminal, LongTextCount texts)
    {
        if (texts.Sentence is { } sentence)
        {
            terminal.Remark(sentence);
        }
    }

    /// <summary>Says which values of features training never had, if any.</summary>
    public static void TellUnseenFeatures(Terminal terminal, UnseenLabels unseen)
    {
        foreach (var (column, count) in unseen.ByTask)
        {
            var values = unseen.Values(column).Keys.ToArray();
            var shown = string.Join(", ", values.Take(MaxValuesShown)) + (values.Length > MaxValuesShown ? ", ..." : string.Empty);
            terminal.Remark($"{count} values of the feature {column} were never seen in training and count as unknown: {shown}.");
        }
    }

    /// <summary>Names the labels that are not classes of their task, if any.</summary>
    public static void TellUnseenLabels(Terminal terminal, TaskSchema schema, UnseenLabels unseen)
    {
        foreach (var sentence in schema.Tasks.Select(task => UnseenLabel.Sentence(task, unseen)).OfType<string>())
        {
            terminal.Remark(sentence);
        }
    }

    private static string Describe(string verb, UseProgress state) =>
        string.Create(CultureInfo.InvariantCulture, $"{verb}: {state.Rows} rows, {state.RowsPerSecond:0}/s, {Duration.Of(state.Elapsed)}");

    // Unlike Progress<T>, reports at once and on the same thread.
    private sealed class Callback(Action<UseProgress> told) : IProgress<UseProgress>
    {
        public void Report(UseProgress value) => told(value);
    }
}
