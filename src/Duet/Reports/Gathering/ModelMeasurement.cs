// Evaluates a model for a report.
using Duet.Data;
using Duet.Inference;
using Duet.Metrics;

namespace Duet.Reports.Gathering;

/// <summary>An evaluation and the rows behind it.</summary>
/// <param name="Result">The evaluation.</param>
/// <param name="Rows">Row numbers and shares.</param>
/// <param name="Options">The threshold and the draws behind the figures.</param>
internal sealed record ModelMeasurement(EvaluationResult Result, WatchedRows Rows, EvaluationOptions Options)
{
    // Past so many rows intervals are narrow, and a thousand draws of them take minutes.
    private const long ManyRows = 100_000;
    private const int FewDraws = 200;
    private const int Pairs = 4;
    private const int PairExamples = 2;

    /// <summary>Evaluates.</summary>
    /// <exception cref="TableException">The table cannot be read, lacks a column, or has no row of the split.</exception>
    public static ModelMeasurement Of(
        DuetModel model,
        TableSource source,
        string? split,
        IReadOnlyList<string> slices,
        IProgress<UseProgress>? progress,
        CancellationToken cancellation
    )
    {
        var rows = new WatchedRows();
        var options = new EvaluationOptions { Threshold = model.Options.Threshold, SliceColumns = slices };
        var result = new Evaluator(model).Watch(source, split, options with { Resamples = 0 }, rows.Add, progress, cancellation);
        options = options with { Resamples = rows.Rows.Count > ManyRows ? FewDraws : Bootstrap.DefaultResamples };
        var report = result.Report with
        {
            Tasks = result.Predictions.ToDictionary(
                task => task.Name,
                task => TaskEvaluator.Evaluate(task, options, result.Report.Tasks[task.Name].UnseenLabels),
                StringComparer.Ordinal
            ),
        };
        return new ModelMeasurement(result with { Report = report }, rows, options);
    }

    /// <summary>Compares with another run, task by task, on the rows that both answered, with this one's threshold and draws.</summary>
    /// <param name="run">The other run's folder.</param>
    /// <param name="other">The other run.</param>
    public PairedEvaluation Against(string run, ModelMeasurement other) =>
        PairedEvaluation.Of(run, Result.Predictions, Rows.Rows, other.Result.Predictions, other.Rows.Rows, Options);

    /// <summary>What the report shows of it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="source">The table.</param>
    /// <param name="options">How many products and bytes.</param>
    /// <param name="leftOut">How many pictures did not fit the budget.</param>
    /// <param name="cancellation">Stops the explaining.</param>
    public MeasuredModel Show(DuetModel model, TableSource source, ReportOptions options, out int leftOut, CancellationToken cancellation)
    {
        var tasks = Result.Predictions;
        var verdicts = new RowVerdicts(tasks, model.Options.Threshold, Result.Decisions);
        var choice = new ExampleChoice(tasks, verdicts);
        var (right, wrong, uncertain) = (
            choice.Right(options.Examples),
            choice.Wrong(options.Examples),
            choice.Uncertain(options.Examples)
        );
        var confused = tasks
            .Where(task => !task.MultiLabel)
            .ToDictionary(task => task.Name, task => Confusions.Find(task, Pairs, PairExamples), StringComparer.Ordinal);
        var wanted = right
            .Concat(wrong)
            .Concat(uncertain)
            .Concat(confused.Values.SelectMany(pairs => pairs).SelectMany(pair => pair.Examples));
        var products = Products(model, source, [.. wanted.Select(row => Rows.Rows[row])]);
        var pictures = new ThumbnailMaker(options.PictureBytes);
        ShownProduct Shown(int row) =>
            new(
                Rows.Rows[row],
                Result.Ids[row],
                products[Rows.Rows[row]].Text,
                pictures.Make(products[Rows.Rows[row]].Images).Small,
                [
                    .. tasks.Select(
                        (task, i) =>
                            new ShownAnswer(
                                task.Name,
                                verdicts.Answer(i, row),
                                verdicts.Truth(i, row),
                                verdicts.Confidence(i, row),
                                Rows.ImageShare(row, i)
                            )
                            {
                                Decision = verdicts.Decision(i, row),
                            }
                    ),
                ]
            );
        var explanations = new ExampleExplanations(model, pictures, options.Occlusion, cancellation);
        ShownProduct Explained(int row) =>
            options.Explain && Shown(row) is var shown
                ? shown with
                {
                    Explanation = explanations.Of(products[shown.Row], Telling(shown), pictures.Make(products[shown.Row].Images).Picture),
                }
                : Shown(row);
        var measured = new MeasuredModel
        {
            Report = Result.Report,
            Path = source.Path,
            Curves = tasks.ToDictionary(task => task.Name, PrecisionRecallCurve.Of, StringComparer.Ordinal),
            Wrong = [.. wrong.Select(Explained)],
            Uncertain = [.. uncertain.Select(Explained)],
            Right = [.. right.Select(Explained)],
            Confusions = confused.ToDictionary(
                task => task.Key,
                IReadOnlyList<ConfusedPair> (task) => [.. task.Value.Select(pair => Pair(task.Key, pair, Shown))],
                StringComparer.Ordinal
            ),
            ImageShares = Rows.HasShares
                ? tasks
                    .Select((task, i) => (task.Name, Share: Rows.MeanImageShare(i)))
                    .ToDictionary(task => task.Name, task => task.Share, StringComparer.Ordinal)
                : new Dictionary<string, double>(StringComparer.Ordinal),
            Elapsed = Result.Elapsed,
        };
        leftOut = pictures.LeftOut;
        return measured;
    }

    // The answer that is worth a question: the surest mistake, or else the least sure answer.
    private static ShownAnswer Telling(ShownProduct product) =>
        product.Answers.Where(answer => answer.Right == false).MaxBy(answer => answer.Confidence)
        ?? product.Answers.MinBy(answer => answer.Confidence)!;

    private ConfusedPair Pair(
        string task,
        (int Actual, int Predicted, long Count, long Rows, IReadOnlyList<int> Examples) pair,
        Func<int, ShownProduct> shown
    )
    {
        var classes = Result.Predictions.First(predictions => string.Equals(predictions.Name, task, StringComparison.Ordinal)).Classes;
        return new ConfusedPair(classes[pair.Actual], classes[pair.Predicted], pair.Count, pair.Rows, [.. pair.Examples.Select(shown)]);
    }

    // The table is read again for the few rows that are shown, so that the evaluation itself keeps no texts.
    private static Dictionary<long, Product> Products(DuetModel model, TableSource source, HashSet<long> rows) =>
        source
            .Open(model.Configuration.Data, [], splits: false)
            .Read(new Quarantine())
            .Where(product => rows.Contains(product.Row))
            .ToDictionary(product => product.Row);
}
