// Runs a model over the products of a table, batch by batch.
using System.Diagnostics;
using Duet.Data;
using Duet.Models;

namespace Duet.Inference;

/// <summary>What prediction, evaluation and embedding share: streaming, decoding ahead, the forward pass, counting, progress.</summary>
internal sealed class TableJob
{
    private readonly ProductStream _stream;
    private readonly Func<ProductBatch, BatchResult> _compute;
    private readonly InputModalities _modalities;
    private readonly string _table;
    private bool _looked;

    /// <summary>A job that runs the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="source">The table: what may be lost of it, and which of its pictures are placeholders.</param>
    /// <param name="labels">The tasks whose labels are wanted; null for none.</param>
    /// <param name="embeddings">Whether embeddings are wanted as well.</param>
    /// <param name="output">The file that the job writes, where it does: what is set aside is listed beside it.</param>
    public TableJob(DuetModel model, TableSource source, TaskSchema? labels = null, bool embeddings = false, string? output = null)
        : this(model, source, labels, batch => model.Compute(batch, embeddings), model.Model.Options.Modalities, output: output) { }

    /// <summary>A job that computes something else on the batches.</summary>
    public TableJob(
        DuetModel model,
        TableSource source,
        TaskSchema? labels,
        Func<ProductBatch, BatchResult> compute,
        InputModalities modalities,
        IPicturePipeline? pictures = null,
        string? output = null,
        LossLimit? limit = null
    )
    {
        (_compute, _modalities, _table) = (compute, modalities, source.Path);
        Limit = (limit ?? source.LimitFor(model)) with { List = output is null ? null : OutputFile.QuarantineOf(output) };
        Encoder = new ProductEncoder(model.Tokenizer, labels, ModelInputs.Texts(model.Inputs), model.Features);
        var options = new LoaderOptions { BatchSize = model.Options.BatchSize, Workers = model.Options.LoaderThreads };
        _stream = new ProductStream(Encoder, pictures ?? source.Pictures(model), Quarantine, options);
    }

    /// <summary>Counts truncated texts and unseen labels.</summary>
    public ProductEncoder Encoder { get; }

    /// <summary>What was set aside.</summary>
    public Quarantine Quarantine { get; } = new();

    /// <summary>How much may be lost.</summary>
    public LossLimit Limit { get; }

    /// <summary>Rows that were given to <c>use</c>.</summary>
    public long Rows { get; private set; }

    /// <summary>Runs the model over all products and hands every usable row to <paramref name="use"/>, in order.</summary>
    /// <param name="products">The products, read as far ahead as the prefetch allows.</param>
    /// <param name="use">Receives the batch, its results and the row's place in both.</param>
    /// <param name="progress">Called after every batch.</param>
    /// <param name="cancellation">Stops the job after the current batch.</param>
    /// <exception cref="TableException">More is lost than <see cref="Limit"/> allows: after a first look, or at the end.</exception>
    public void Run(
        IEnumerable<Product> products,
        Action<ProductBatch, BatchResult, int> use,
        IProgress<UseProgress>? progress,
        CancellationToken cancellation
    )
    {
        var clock = Stopwatch.StartNew();
        foreach (var batch in _stream.Batches(Look(products), cancellation))
        {
            using (batch)
            {
                Count(batch.Pictures);
                cancellation.ThrowIfCancellationRequested();
                var result = _compute(batch);
                for (var row = 0; row < batch.Count; row++)
                {
                    if (result.Usable[row])
                    {
                        use(batch, result, row);
                        Rows++;
                    }
                    else
                    {
                        SetAside(batch, row);
                    }
                }
            }

            progress?.Report(new UseProgress(Rows, Rows / Math.Max(clock.Elapsed.TotalSeconds, 1e-6), clock.Elapsed));
        }

        Limit.Check(Quarantine, _table);
    }

    // Rows are read one after the other, ahead of the batches, so that the first look at them always sees the same ones.
    private IEnumerable<Product> Look(IEnumerable<Product> products)
    {
        var judged = false;
        foreach (var product in products)
        {
            if (!judged && Quarantine.Losses.Rows.Seen >= LossLimit.FirstLook)
            {
                judged = true;
                Limit.CheckRows(Quarantine, _table);
            }

            yield return product;
        }
    }

    // Batches arrive in order, so that the first look at pictures always sees the same ones as well. A model of texts misses no picture.
    private void Count(LossCount pictures)
    {
        Quarantine.CountPictures(_modalities == InputModalities.Text ? default : pictures);
        var sofar = Quarantine.Losses.Pictures;
        if (!_looked && sofar.Seen >= LossLimit.FirstLook)
        {
            _looked = true;
            Limit.Check(Quarantine, Losses.None with { Pictures = sofar }, _table);
        }
    }

    private void SetAside(ProductBatch batch, int row)
    {
        var wanted = _modalities == InputModalities.Image ? "pictures" : "texts";
        Quarantine.Add(
            new QuarantineEntry(
                batch.Rows[row],
                batch.Ids[row],
                string.Empty,
                QuarantineReason.NothingToClassify,
                $"the model reads only {wanted} and the row has none that can be used",
                RowRefused: true
            )
        );
    }
}
