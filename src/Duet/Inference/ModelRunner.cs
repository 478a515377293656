// Runs a model's forward pass: one product or a batch, from any thread.
using Duet.Data;
using Duet.Models;
using Duet.Runs;
using Duet.Torch;
using Duet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Inference;

/// <summary>The forward pass with everything around it: threads, precision, gradients off, results in managed memory. As many passes at a
/// time as there are cores for.</summary>
internal sealed class ModelRunner : IDisposable
{
    private readonly SemaphoreSlim _turns;
    private readonly int _passes;
    private readonly ProductModel _model;
    private readonly BatchBuilder _builder;
    private readonly ModelUseOptions _options;
    private readonly Device _device;
    private bool _disposed;

    public ModelRunner(ProductModel model, ModelUseOptions options, Device device)
    {
        (_model, _options, _device) = (model, options, device);
        model.eval();
        model.To(device);
        _builder = new BatchBuilder(model.Options, device);
        _passes = device.IsCuda ? 1 : Math.Max(1, Environment.ProcessorCount / options.Threads);
        _turns = new SemaphoreSlim(_passes);
        ComputeThreads.Use(options.Threads);
    }

    public IReadOnlyList<TaskDefinition> Tasks => _model.Context.Tasks;

    /// <summary>Runs the model.</summary>
    /// <param name="host">The products.</param>
    /// <param name="embeddings">Whether embeddings are wanted as well.</param>
    /// <exception cref="RunException">The model's output is not a number.</exception>
    public BatchResult Run(HostBatch host, bool embeddings = false) =>
        TextChunks.Pool(host, part => RunOnce(part, embeddings), result => result.Arrays);

    private BatchResult RunOnce(HostBatch host, bool embeddings) =>
        Use(
            host,
            batch =>
            {
                var output = _model.Forward(batch);
                var usable = Usable(host);
                return new BatchResult
                {
                    Usable = usable,
                    Probabilities = [.. Tasks.Select((task, i) => Probabilities(task, output.Logits[i].ToArray(), host, usable))],
                    Shares = output.ModalityShares is { } shares ? [.. shares.Select(share => share.ToArray())] : null,
                    Joint = embeddings ? output.JointEmbedding?.ToArray() : null,
                    Image = embeddings ? output.ImageEmbedding?.ToArray() : null,
                    Text = embeddings ? output.TextEmbedding?.ToArray() : null,
                };
            }
        );

    /// <summary>Computes something else on a batch, with everything around it that a forward pass has.</summary>
    /// <param name="host">The products.</param>
    /// <param name="compute">Gets the batch; what it returns must hold no tensors, which are freed.</param>
    /// <param name="gradients">Whether what is computed is recorded, so that it can be differentiated.</param>
    public T Use<T>(HostBatch host, Func<Batch, T> compute, bool gradients = false)
    {
        _turns.Wait();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(DuetModel));
            UseThreads();
            using var scope = NewDisposeScope();
            using var recording = gradients ? enable_grad() : no_grad();
            using var autocast = _options.Precision.On(_device) == Precision.Bf16 ? new Autocast(_device) : null;

            // The picture has a core for itself: a thread that shares it would keep the others waiting at the end of every operator.
            using var fewer = host.IsDecoding ? new ThreadLimit(Math.Max(1, Environment.ProcessorCount - 1)) : null;
            return compute(_builder.Build(host, fewer));
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>Whether the model looks at a product's picture or text: it is there, and no ablation hides it.</summary>
    public bool Sees(bool present, bool picture) =>
        present && _model.Options.Modalities != (picture ? InputModalities.Text : InputModalities.Image);

    /// <summary>The widths of the system's embeddings, found by asking about nothing in particular; null for those it does not
    /// have.</summary>
    public (int? Joint, int? Image, int? Text) EmbeddingWidths()
    {
        var side = _model.Options.ImageSize;
        var result = Run(
            new HostBatch(new byte[3 * side * side])
            {
                Count = 1,
                ImageSize = side,
                ContextLength = 2,
                TokenIds = [_model.Context.EndId, _model.Context.EndId],
                TextLengths = [2],
                ImagePresent = [true],
                TextPresent = [true],
                Features = new long[_model.Context.Features.Count],
                Labels = [],
                Rows = [1],
                Ids = [string.Empty],
            },
            embeddings: true
        );
        return (result.Joint?.Length, result.Image?.Length, result.Text?.Length);
    }

    public void Dispose()
    {
        // Those who compute finish; those who wait for their turn find the model gone.
        for (var pass = 0; pass < _passes; pass++)
        {
            _turns.Wait();
        }

        _disposed = true;
        _builder.Dispose();
        _model.Dispose();
        _turns.Release(_passes);
    }

    // libtorch keeps the number per thread, so a thread that asks for the first time sets it.
    private void UseThreads()
    {
        if (TorchRuntime.Threads != _options.Threads)
        {
            ComputeThreads.Use(_options.Threads);
        }
    }

    private bool[] Usable(HostBatch host) =>
        [.. host.ImagePresent.Zip(host.TextPresent, (image, text) => Sees(image, picture: true) || Sees(text, picture: false))];

    /// <summary>Turns the logits <c>[B, C]</c> of a task into probabilities, in place; rows that are not usable stay as they are.</summary>
    /// <exception cref="RunException">The model's output is not a number.</exception>
    public static float[] Probabilities(TaskDefinition task, float[] logits, HostBatch host, bool[] usable)
    {
        var classes = task.Classes.Count;
        for (var row = 0; row < host.Count; row++)
        {
            var scores = logits.AsSpan(row * classes, classes);
            if (!usable[row])
            {
                continue;
            }

            if (task.Kind == TaskKind.SingleLabel)
            {
                Softmax(scores);
            }
            else
            {
                Sigmoid(scores);
            }

            if (scores.ContainsAnyExceptInRange(0f, 1f))
            {
                throw new RunException(
                    $"The model's output for task '{task.Name}' of product '{host.Ids[row]}' is not a number. Its weights are "
                        + $"damaged, or overflow in a low-precision format: try precision fp32."
                );
            }
        }

        return logits;
    }

    private static void Softmax(Span<float> scores)
    {
        var largest = float.NegativeInfinity;
        foreach (var score in scores)
        {
            largest = Math.Max(largest, score);
        }

        double sum = 0;
        foreach (ref var score in scores)
        {
            score = MathF.Exp(score - largest);
            sum += score;
        }

        foreach (ref var score in scores)
        {
            score = (float)(score / sum);
        }
    }

    private static void Sigmoid(Span<float> scores)
    {
        foreach (ref var score in scores)
        {
            score = (float)(1 / (1 + Math.Exp(-score)));
        }
    }
}
