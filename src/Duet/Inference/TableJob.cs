// Runs a model over the products of a table, batch by batch.
using System.Diagnostics;
using Duet.Data;
using Duet.Models;

namespace Duet.Inference;

/// <summary>What prediction, evaluation and embedding share: streaming, decoding ahead, the forward pass, counting, progress.</summary>
internal sealed class TableJob
{
    private readonly ProductStream stream;
    private readonly Func<HostBatch, BatchResult> compute;
    private readonly InputModalities modalities;

    public TableJob(DuetModel model, TaskSchema? labels = null, bool embeddings = false)
        : this(model, labels, batch => model.Runner.Run(batch, embeddings), model.Model.Options.Modalities)
    {
    }

    public TableJob(
        DuetModel model, TaskSchema? labels, Func<HostBatch, BatchResult> compute, InputModalities modalities, IPicturePipeline? pictures = null)
    {
        (this.compute, this.modalities) = (compute, modalities);
        Encoder = new ProductEncoder(model.Tokenizer, labels, ModelInputs.Texts(model.Inputs), model.Features);
        var options = new LoaderOptions { BatchSize = model.Options.BatchSize, Workers = model.Options.LoaderThreads };
        stream = new ProductStream(Encoder, pictures ?? new PicturePipeline(ModelInputs.Pictures(model.Inputs)), Quarantine, options);
    }

    /// <summary>Counts truncated texts and unseen labels.</summary>
    public ProductEncoder Encoder { get; }

    /// <summary>What was set aside.</summary>
    public Quarantine Quarantine { get; } = new();

    /// <summary>Rows that were given to <c>use</c>.</summary>
    public long Rows { get; private set; }

    /// <summary>Runs the model over all products and hands every usable row to <paramref name="use"/>, in order.</summary>
    /// <param name="products">The products, read as far ahead as the prefetch allows.</param>
    /// <param name="use">Receives the batch, its results and the row's place in both.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellation">Stops the job after the current batch.</param>
    public void Run(IEnumerable<Product> products, Action<HostBatch, BatchResult, int> use, IProgress<UseProgress>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        foreach (var batch in stream.Batches(products, cancellation))
        {
            using (batch)
            {
                cancellation.ThrowIfCancellationRequested();
                var result = compute(batch);
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
    }

    private void SetAside(HostBatch batch, int row)
    {
        var wanted = modalities == InputModalities.Image ? "pictures" : "texts";
        Quarantine.Add(new QuarantineEntry(
            batch.Rows[row],
            batch.Ids[row],
            string.Empty,
            QuarantineReason.NothingToClassify,
            $"{wanted} only are looked at and the row has none that can be used",
            RowRefused: true));
    }
}
