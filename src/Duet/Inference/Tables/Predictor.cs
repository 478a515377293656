// Fills in a table's attributes: predictions.csv or .jsonl.
using System.Diagnostics;
using System.Globalization;
using Duet.Data;
using Duet.Torch.Safetensors;

namespace Duet.Inference;

/// <summary>Predicts tables of any size in constant memory.</summary>
/// <param name="model">The model.</param>
public sealed class Predictor(DuetModel model)
{
    /// <summary>The column of row numbers where the table has no id column.</summary>
    public const string RowColumn = "row";

    /// <summary>The decision on an answer that reaches its threshold.</summary>
    public const string AcceptedDecision = "accepted";

    /// <summary>The decision on an answer that people should look at.</summary>
    public const string ReviewDecision = "review";

    /// <summary>
    /// Writes answers, by the output's extension. <c>X.jsonl</c>: per row an object with the id and what <see cref="ClassificationJson"/>
    /// has.
    /// <c>X.csv</c>: the table's id column, then for every task the label in a column of the task's name, <c>TASK_probability</c> and
    /// <c>TASK_image_share</c> (empty where the system has no shares); of a calibrated run also <c>TASK_decision</c>, which is
    /// <c>accepted</c> or <c>review</c>, and <c>TASK_reason</c>, which says why an answer needs review. A task with a taxonomy has
    /// <c>TASK_path</c>, and in a calibrated run <c>TASK_ancestor</c> and
    /// <c>TASK_ancestor_probability</c>. The labels of a multi-label task, and their probabilities, are joined
    /// by the task's separator. Rows that cannot be used are left out and listed in <c>OUTPUT.quarantine.csv</c>. The file appears when it
    /// is whole; a pipe or a device is written row by row, and nothing beside it.
    /// </summary>
    /// <param name="source">The table.</param>
    /// <param name="output">The file to write, <c>.csv</c> or <c>.jsonl</c>; its folder is made where it is missing.</param>
    /// <param name="progress">Called after every batch.</param>
    /// <param name="cancellation">Stops the job; nothing is written then.</param>
    /// <exception cref="TableException">
    /// The table cannot be read, is empty, lacks a column, or is the output itself; or the output has another extension; or more of it is
    /// lost than
    /// <see cref="TableSource.MaxLost"/> allows: then there is no output, and <c>OUTPUT.quarantine.csv</c> lists what was lost.
    /// </exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The job was stopped.</exception>
    public JobSummary Predict(
        TableSource source,
        string output,
        IProgress<UseProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        var clock = Stopwatch.StartNew();
        var table = source.Open(model.Configuration.Data, [], splits: false);
        var file = OutputFile.Prepare(output, source.Path);
        AnswerWriter.RequireKnown(file);
        var header = Header(table);
        var job = new TableJob(model, source, output: file);
        OutputFile.Listing(
            file,
            job.Quarantine,
            () =>
                AtomicFile.Write(
                    file,
                    stream =>
                    {
                        using var rows = AnswerWriter.Begin(file, stream, header, Cells);
                        job.Run(
                            table.Read(job.Quarantine),
                            (batch, result, row) =>
                                rows.Write(
                                    batch.Ids[row],
                                    model.Answer(result, row) with
                                    {
                                        TextTruncated = batch.Products[row].Truncated,
                                    }
                                ),
                            progress,
                            cancellation
                        );
                    }
                )
        );
        string[] files = [file, .. OutputFile.WriteQuarantine(file, job.Quarantine)];
        return new JobSummary(job.Rows, job.Quarantine, job.Encoder.TruncatedTexts, clock.Elapsed, files)
        {
            LongTexts = job.Encoder.LongTexts,
            UnseenFeatures = job.Encoder.UnseenFeatures,
            Limit = job.Limit,
        };
    }

    private string[] Header(ProductTable table)
    {
        string[] header =
        [
            table.IdColumn ?? RowColumn,
            .. model.Schema.Tasks.SelectMany(task => Columns(task).Select(column => column.Name)),
        ];
        if (header.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(names => names.Count() > 1) is { } twice)
        {
            throw new TableException($"The predictions would have two columns '{twice.Key}'; name another id column.")
            {
                Column = twice.Key,
            };
        }

        return header;
    }

    private IEnumerable<string> Cells(Classification answers) =>
        answers
            .Tasks.Zip(model.Schema.Tasks, (answer, task) => Columns(task).Select(column => column.Value(answer, task.Separator)))
            .SelectMany(cells => cells);

    // The columns of a task, in their order.
    private IEnumerable<(string Name, Func<TaskAnswer, string, string> Value)> Columns(TaskDefinition task)
    {
        yield return (task.Name, (answer, separator) => string.Join(separator, answer.Given.Select(given => given.Label)));
        yield return (
            task.Name + "_probability",
            (answer, separator) => string.Join(separator, answer.Given.Select(given => Number(given.Probability)))
        );
        yield return (task.Name + "_image_share", (answer, _) => answer.ImageShare is { } share ? Number(share) : string.Empty);
        if (task.Tree is not null)
        {
            yield return (task.Name + "_path", (answer, _) => answer.Path ?? string.Empty);
        }

        if (task.Tree is not null && model.Calibration is not null)
        {
            yield return (task.Name + "_ancestor", (answer, _) => answer.Ancestor?.Label ?? string.Empty);
            yield return (
                task.Name + "_ancestor_probability",
                (answer, _) => answer.Ancestor is { } ancestor ? Number(ancestor.Probability) : string.Empty
            );
        }

        if (model.Calibration is not null)
        {
            yield return (task.Name + "_decision", (answer, _) => answer.Accepted == true ? AcceptedDecision : ReviewDecision);
            yield return (task.Name + "_reason", (answer, _) => answer.Decision?.Reason ?? string.Empty);
        }
    }

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
