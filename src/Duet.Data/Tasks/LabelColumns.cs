// Recognises columns that are no labels: prices, titles, ids, dates, and lists where one label is expected.
using System.Globalization;
using System.Text.RegularExpressions;

namespace Duet.Data;

/// <summary>Looks at the labels of tasks before anything is trained on them.</summary>
internal static partial class LabelColumns
{
    private const int MinClasses = 10;
    private const int MinLists = 4;
    private const int Shown = 3;
    private const int LongestShown = 40;
    private const double Most = 0.8;
    private const double WordsOfTitle = 3;

    private static readonly string[] Separators = ["|", ";", ",", " "];

    /// <summary>What is odd about the tasks' columns, at most one finding each (and see <see cref="Merged"/>).</summary>
    /// <param name="tasks">The tasks, in the order in which <paramref name="products"/> were read.</param>
    /// <param name="products">All products, of every split.</param>
    public static IEnumerable<LabelColumnFinding> Look(IReadOnlyList<TaskColumn> tasks, IReadOnlyCollection<Product> products) =>
        tasks
            .Select((task, i) => Look(task, [.. products.Select(product => product.Labels[i]).OfType<string>()]))
            .OfType<LabelColumnFinding>();

    /// <summary>Whether classes hardly repeat, so that no part of the labels says much about another.</summary>
    /// <param name="classes">The different labels.</param>
    /// <param name="labels">All labels.</param>
    public static bool IsNearlyUnique(int classes, int labels) => classes >= MinClasses && classes * 2 > labels;

    /// <summary>Per task a sentence about labels that are written in several ways and count as one class.</summary>
    public static IEnumerable<string> Merged(IReadOnlyList<TaskColumn> tasks, IReadOnlyCollection<Product> products)
    {
        foreach (var (task, i) in tasks.Select((task, i) => (task, i)))
        {
            var merged = products
                .SelectMany(product => LabelCell.Read(task.Kind, task.Separator, product.Labels[i]) ?? [])
                .Distinct(StringComparer.Ordinal)
                .GroupBy(LabelSpelling.Canonical, StringComparer.Ordinal)
                .Where(spellings => spellings.Skip(1).Any())
                .Select(spellings =>
                    $"{string.Join(" = ", spellings.Order(StringComparer.Ordinal).Select(Cut))} (class {Cut(spellings.Key)})"
                )
                .ToList();
            if (merged.Count > 0)
            {
                yield return $"The task {task.Name} has spellings of one number, truth value or text, which count as one class: "
                    + $"{string.Join("; ", merged.Take(Shown))}{(merged.Count > Shown ? "; ..." : string.Empty)}.";
            }
        }
    }

    private static LabelColumnFinding? Look(TaskColumn task, IReadOnlyList<string> cells)
    {
        var single = task.Kind == TaskKind.SingleLabel;
        if (single && cells.FirstOrDefault(IsList) is { } list && cells.Count(IsList) * 2 >= cells.Count)
        {
            var item =
                ListLiteral.TryRead(list, out var items) && LabelCell.AreSwitches(items) ? "place that holds a 1, counted from 0" : "item";
            return new LabelColumnFinding(
                task,
                $"The task '{task.Name}' takes one label per product, and its column '{task.Column}' holds lists, such as "
                    + $"{Cut(list)}: each combination would be a class. Give --multi-label-task {task.Column} instead, which makes a "
                    + $"class of each {item}.",
                IsRefused: true
            );
        }

        var given = 0;
        var classes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var label in cells.SelectMany(cell => LabelCell.Canonical(task, cell)))
        {
            given++;
            classes[label] = classes.GetValueOrDefault(label) + 1;
        }

        string[] labels = [.. classes.Keys];
        if (IsNearlyUnique(labels.Length, given) || (labels.Length >= MinClasses && Share(labels, IsFraction) >= Most))
        {
            var examples = string.Join(", ", labels.Take(Shown).Select(Cut));
            return new LabelColumnFinding(
                task,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The task '{task.Name}' would have {labels.Length} classes for {given} labels: the column '{task.Column}' looks "
                        + $"like {Nature(labels)} ({examples}, ...) and not like labels. "
                )
                    + "Name a column whose values repeat, or put these into groups in a column of their own; --allow-many-classes "
                    + "trains on it as it is.",
                IsRefused: true
            );
        }

        // The parts of a multi-label task were taken apart already; what is left was separated by something else.
        return Separator(labels) is { } separator
            ? new LabelColumnFinding(
                task,
                $"The labels of the task '{task.Name}' look like several each, such as "
                    + $"{Cut(labels.First(label => label.Contains(separator, StringComparison.Ordinal)))}: the same parts occur in "
                    + $"many of them. If they "
                    + $"are, {(single ? $"--multi-label-task {task.Column} " : string.Empty)}--label-separator '{separator}' makes a "
                    + $"class of each part "
                    + $"instead of each combination.",
                IsRefused: false
            )
            : null;
    }

    private static bool IsList(string cell) => ListLiteral.TryRead(cell, out _);

    private static string Nature(string[] labels) =>
        labels switch
        {
            _ when Share(labels, IsFraction) >= Most => "prices or measurements",
            _ when Share(labels, Amount().IsMatch) >= Most => "prices, counts or numeric ids",
            _ when Share(labels, Date().IsMatch) >= Most => "dates",
            _ when Share(labels, File().IsMatch) >= Most => "addresses or file names",
            _ when labels.Average(label => label.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length) >= WordsOfTitle =>
                "titles or descriptions",
            _ when Share(labels, label => !label.Any(char.IsWhiteSpace)) >= Most => "ids or codes",
            _ => "names that hardly repeat",
        };

    private static double Share(string[] labels, Func<string, bool> test) => (double)labels.Count(test) / Math.Max(1, labels.Length);

    private static bool IsFraction(string label) => Fraction().IsMatch(label);

    // Parts that make up more labels than there are parts were combined; names of several words seldom are.
    private static string? Separator(string[] labels) =>
        labels.Length < MinLists
            ? null
            : Array.Find(
                Separators,
                separator =>
                {
                    var parts = labels
                        .Select(label => label.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                        .ToList();
                    var uses = parts
                        .SelectMany(part => part.Distinct(StringComparer.Ordinal))
                        .CountBy(part => part, StringComparer.Ordinal)
                        .ToList();
                    return parts.Count(part => part.Length > 1) * 2 >= labels.Length
                        && uses.Count < labels.Length
                        && uses.Count(use => use.Value > 1) * 2 >= uses.Count;
                }
            );

    private static string Cut(string text) => text.Length <= LongestShown ? text : text[..LongestShown] + "...";

    [GeneratedRegex(
        @"\A[\p{Sc}\s]*-?[0-9][0-9.,' ]*[.,][0-9]{1,2}\s*(\p{Sc}|[A-Za-z]{1,4})?\z|\A-?[0-9]+\.[0-9]+\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Fraction();

    [GeneratedRegex(
        @"\A[\p{Sc}\s]*-?[0-9][0-9.,' ]*\s*(\p{Sc}|[A-Za-z]{1,4})?\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Amount();

    [GeneratedRegex(
        @"\A([0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4})([T ].*)?\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Date();

    [GeneratedRegex(
        @"://|\.(jpe?g|png|webp|gif|bmp|html?)\z",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex File();
}

/// <summary>A column that is given as a task and looks like something else.</summary>
/// <param name="Task">The task.</param>
/// <param name="Text">What it looks like and what to do, in sentences.</param>
/// <param name="IsRefused">Whether nothing is trained on it unless that is asked for; otherwise it may well be meant.</param>
internal sealed record LabelColumnFinding(TaskColumn Task, string Text, bool IsRefused);
