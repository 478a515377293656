// Classification without training on labels: products against sentences in CLIP's joint space.
using System.Diagnostics;
using System.Globalization;
using Duet.Data;
using Duet.Metrics;
using Duet.Models;
using Duet.Runs;
using Duet.Text;
using Duet.Torch;
using Duet.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Inference;

/// <summary>
/// Zero-shot classification (arXiv 2103.00020, section 3.1): a class is the mean over templates of the L2-normalised embeddings of its
/// sentences, normalised again; a product gets the softmax of its scaled cosines with the classes. Works with every system that has two
/// contrastively trained towers (<see cref="IContrastiveModel"/>). It is only as good as that training.
/// </summary>
public sealed class ZeroShotClassifier
{
    /// <summary>The name of the answer, and of the column in predictions.</summary>
    public const string TaskName = "label";

    private readonly DuetModel _model;
    private readonly ZeroShotOptions _options;
    private readonly IContrastiveModel _towers;
    private readonly TaskDefinition _task;
    private readonly float[] _weights;

    /// <summary>Embeds the classes.</summary>
    /// <param name="model">A model with two towers; it must outlive the classifier.</param>
    /// <param name="options">Labels and templates; validated here.</param>
    /// <param name="cancellation">Stops between batches of sentences.</param>
    /// <exception cref="OptionException">The options cannot work.</exception>
    /// <exception cref="RunException">The model has no joint space of pictures and texts.</exception>
    public ZeroShotClassifier(DuetModel model, ZeroShotOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_model, _options) = (model, options);
        _towers =
            model.Model as IContrastiveModel
            ?? throw new RunException(
                $"{model.Configuration.Model} has no towers that embed pictures and texts into one space; zero-shot classification "
                    + $"needs a run of clip, siglip, cma-clip or coca."
            );
        if (model.Model.Options.Modalities != InputModalities.Both)
        {
            throw new RunException($"The run in {model.Folder.Path} uses only one of picture and text, so the two have no common space.");
        }

        _task = new TaskDefinition(TaskName, TaskName, TaskKind.SingleLabel, options.Labels);
        _weights = EmbedClasses(cancellation);
    }

    /// <summary>The classes in the joint space, <c>[C, E]</c>, rows of length 1.</summary>
    public IReadOnlyList<float> ClassWeights => _weights;

    /// <summary>Sentences that did not fit the model's context.</summary>
    public int TruncatedSentences { get; private set; }

    /// <summary>Classifies one product.</summary>
    /// <exception cref="Vision.ImageDecodeException">The picture is missing, refused or damaged; the message names it.</exception>
    /// <exception cref="ProductInputException">The product has nothing that is looked at.</exception>
    public TaskAnswer Classify(ProductInput product)
    {
        ArgumentNullException.ThrowIfNull(product);
        var preparation = new ProductPreparation(_model.Inputs, _model.Tokenizer);
        var result = Score(preparation.Batch([preparation.Prepare(product)]));
        return result.Usable[0]
            ? Answers.Of([_task], result, row: 0, _model.Options.Threshold).Tasks[0]
            : throw new ProductInputException(
                $"Only the {(_options.Inputs == InputModalities.Image ? "picture" : "text")} is used, and the product has none."
            );
    }

    /// <summary>Measures the classification against a column of a table.</summary>
    /// <param name="source">A table with the run's columns.</param>
    /// <param name="column">The column with the right label of each row; rows without one, or with one that is no label asked for, do not
    /// count.</param>
    /// <param name="split">As in <see cref="Evaluator.Evaluate"/>.</param>
    /// <param name="progress">Called after every batch.</param>
    /// <param name="cancellation">Stops the job.</param>
    /// <exception cref="TableException">The table cannot be read, is empty, lacks the column, has no row of the split, or none with a label
    /// that was asked for.</exception>
    public EvaluationResult Evaluate(
        TableSource source,
        string column,
        string? split = null,
        IProgress<UseProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrWhiteSpace(column);
        var clock = Stopwatch.StartNew();
        var schema = new TaskSchema([_task with { Name = column, Column = column }]);
        var table = Open(source, schema.Columns, split);
        var job = new TableJob(_model, source, schema, Score, _options.Inputs);
        var products = table.Read(job.Quarantine);
        var rows = new PredictionCollector(schema.Tasks);
        job.Run(
            split is null
                ? products
                : SplitSelection.Select(products, split, table.Options, _model.Configuration, job.Quarantine, cancellation),
            rows.Add,
            progress,
            cancellation
        );
        if (job.Rows == 0)
        {
            throw new TableException($"No row of {source.Path} can be classified.") { File = source.Path };
        }

        var predictions = rows.ToPredictions();
        var unseen = job.Encoder.UnseenLabels;
        var report = EvaluationReport
            .Of(
                predictions,
                checked((int)job.Rows),
                checked((int)job.Quarantine.Count),
                unseenLabels: unseen.ByTask.ToDictionary(labels => labels.Key, labels => checked((int)labels.Value), StringComparer.Ordinal)
            )
            .Naming(schema, unseen) with
        {
            Split = split,
            TruncatedTexts = checked((int)job.Encoder.TruncatedTexts),
        };
        UsableLabels.Require(source.Path, schema, predictions, unseen);
        return new EvaluationResult(report, predictions, rows.Ids, unseen, job.Quarantine, clock.Elapsed)
        {
            LongTexts = job.Encoder.LongTexts,
            Limit = job.Limit,
        };
    }

    // A drawn split depends on the labels of the run's own tasks, so they are read as well, behind the column that is measured.
    private ProductTable Open(TableSource source, IReadOnlyList<TaskColumn> columns, string? split)
    {
        var table = source.Open(_model.Configuration.Data, columns, splits: split is not null);
        TaskColumn[] more = split is null
            ? []
            :
            [
                .. _model.Schema.Columns.Where(task =>
                    !string.Equals(task.Name, columns[0].Name, StringComparison.Ordinal)
                    && table.Columns.Contains(task.Column, StringComparer.Ordinal)
                ),
            ];
        return more.Length == 0 ? table : source.Open(_model.Configuration.Data, [.. columns, .. more], splits: true);
    }

    /// <summary>
    /// Writes, by the output's extension, a CSV with the table's id column, <c>label</c> and <c>label_probability</c>, or JSON Lines with
    /// the id and what <see cref="ClassificationJson"/> has; rows that cannot be used are listed beside it.
    /// </summary>
    /// <param name="source">A table with the run's columns.</param>
    /// <param name="output">The file to write, <c>.csv</c> or <c>.jsonl</c>.</param>
    /// <param name="progress">Called after every batch.</param>
    /// <param name="cancellation">Stops the job; nothing is written then.</param>
    /// <exception cref="TableException">The table cannot be read, is empty, lacks a column, or is the output itself; or the output has
    /// another extension.</exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public JobSummary Predict(
        TableSource source,
        string output,
        IProgress<UseProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        var clock = Stopwatch.StartNew();
        var table = source.Open(_model.Configuration.Data, [], splits: false);
        var file = OutputFile.Prepare(output, source.Path);
        AnswerWriter.RequireKnown(file);
        var job = new TableJob(_model, source, labels: null, Score, _options.Inputs, output: file);
        OutputFile.Listing(
            file,
            job.Quarantine,
            () =>
                AtomicFile.Write(
                    file,
                    stream =>
                    {
                        using var rows = AnswerWriter.Begin(
                            file,
                            stream,
                            [table.IdColumn ?? Predictor.RowColumn, TaskName, TaskName + "_probability"],
                            Cells
                        );
                        job.Run(
                            table.Read(job.Quarantine),
                            (batch, result, row) =>
                                rows.Write(
                                    batch.Ids[row],
                                    Answers.Of([_task], result, row, _model.Options.Threshold) with
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
        return new JobSummary(
            job.Rows,
            job.Quarantine,
            job.Encoder.TruncatedTexts,
            clock.Elapsed,
            [file, .. OutputFile.WriteQuarantine(file, job.Quarantine)]
        )
        {
            LongTexts = job.Encoder.LongTexts,
            Limit = job.Limit,
        };
    }

    private static IEnumerable<string> Cells(Classification answers) =>
        [answers.Tasks[0].Label, answers.Tasks[0].Probability.ToString("0.######", CultureInfo.InvariantCulture)];

    // Pieces of a text make no difference where only pictures are looked at.
    private BatchResult Score(ProductBatch host) =>
        _options.Inputs == InputModalities.Image ? ScoreOnce(host) : TextChunks.Pool(host, ScoreOnce, result => result.Arrays);

    private BatchResult ScoreOnce(ProductBatch host)
    {
        var usable = Usable(host);
        return _model.Forward.Use(
            host,
            batch =>
            {
                var classes = Tensors.From(_weights, _task.Classes.Count, _weights.Length / _task.Classes.Count).to(batch.Pixels.device);
                var logits = _towers.Contrastive.Logits(Embed(batch), classes).ToArray();
                return new BatchResult
                {
                    Usable = usable,
                    Probabilities = [Inference.Probabilities.Of(_task, logits, host, usable)],
                    Shares = null,
                };
            }
        );
    }

    // What is absent adds nothing to the sum.
    private Tensor Embed(Batch batch)
    {
        Tensor Present(Tensor embedding, Tensor present) => embedding.to(ScalarType.Float32) * present.unsqueeze(1).to(ScalarType.Float32);
        return _options.Inputs switch
        {
            InputModalities.Image => Present(_towers.EmbedImages(batch), batch.ImagePresent),
            InputModalities.Text => Present(_towers.EmbedTexts(batch), batch.TextPresent),
            _ => Present(_towers.EmbedImages(batch), batch.ImagePresent).Plus(Present(_towers.EmbedTexts(batch), batch.TextPresent)),
        };
    }

    private bool[] Usable(ProductBatch host) =>
        _options.Inputs switch
        {
            InputModalities.Image => host.ImagePresent,
            InputModalities.Text => host.TextPresent,
            _ => [.. host.ImagePresent.Zip(host.TextPresent, (image, text) => image || text)],
        };

    private float[] EmbedClasses(CancellationToken cancellation)
    {
        // A class is one vector, so its sentences are not read in pieces.
        var preparation = new ProductPreparation(_model.Inputs with { LongText = LongText.Head }, _model.Tokenizer);
        var sentences = _options.Labels.SelectMany(label =>
            _options.Templates.Select(template =>
                ProductInput.Of(imagePath: null, template.Replace(ZeroShotOptions.Placeholder, label, StringComparison.Ordinal))
            )
        );
        var embedded = new List<float>();
        foreach (var chunk in sentences.Chunk(_model.Options.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            var prepared = preparation.PrepareMany(chunk, cancellation);
            TruncatedSentences += prepared.Count(sentence => sentence.Truncated);
            embedded.AddRange(
                _model.Forward.Use(
                    preparation.Batch(prepared),
                    batch => nn.functional.normalize(_towers.EmbedTexts(batch).to(ScalarType.Float32), dim: -1).ToArray()
                )
            );
        }

        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var (labels, templates) = (_options.Labels.Count, _options.Templates.Count);
        return nn
            .functional.normalize(
                Tensors.From(embedded.ToArray(), labels, templates, embedded.Count / (labels * templates)).mean([1]),
                dim: -1
            )
            .ToArray();
    }
}
