// The forward pass: from a batch of products to numbers in managed memory. Training's validation, tables, single products and explanations
// all go through it.
using Duet.Data;
using Duet.Models;
using Duet.Runs;
using Duet.Torch;
using Duet.Training;
using static TorchSharp.torch;

namespace Duet.Inference;

/// <summary>A model's forward pass with everything around it: whose turn it is, precision, gradients off, tensors freed.</summary>
/// <param name="model">The model, on the builder's device.</param>
/// <param name="builder">Makes the tensors.</param>
/// <param name="precision">The arithmetic.</param>
/// <param name="turns">Where several threads use the model; null where the caller is the only one.</param>
internal sealed class ForwardPass(ProductModel model, BatchBuilder builder, Precision precision, ComputeTurns? turns = null)
{
    /// <summary>The model's tasks.</summary>
    public IReadOnlyList<TaskDefinition> Tasks => model.Context.Tasks;

    /// <summary>Runs the model. A long text that is read in pieces gets the mean over its pieces.</summary>
    /// <param name="batch">The products.</param>
    /// <param name="embeddings">Whether embeddings are wanted as well.</param>
    /// <exception cref="RunException">The model's output is not a number.</exception>
    public BatchResult Run(ProductBatch batch, bool embeddings = false) =>
        TextChunks.Pool(batch, part => RunOnce(part, embeddings), result => result.Arrays);

    /// <summary>Computes something else on a batch.</summary>
    /// <param name="batch">The products.</param>
    /// <param name="compute">Gets the tensors; what it returns must hold none, as they are freed.</param>
    /// <param name="gradients">Whether what is computed is recorded, so that it can be differentiated.</param>
    public T Use<T>(ProductBatch batch, Func<Batch, T> compute, bool gradients = false)
    {
        using var turn = turns?.Take();
        using var scope = NewDisposeScope();
        using var recording = gradients ? enable_grad() : no_grad();
        using var autocast = precision.On(builder.Device) == Precision.Bf16 ? new Autocast(builder.Device) : null;
        return compute(builder.Build(batch));
    }

    /// <summary>Whether the model looks at a product's picture or text: it is there, and no ablation hides it.</summary>
    public bool Sees(bool present, bool picture) =>
        present && model.Options.Modalities != (picture ? InputModalities.Text : InputModalities.Image);

    /// <summary>The widths of the system's embeddings, found by asking about a product without anything; null for those it does not
    /// have.</summary>
    public (int? Joint, int? Image, int? Text) EmbeddingWidths()
    {
        var nothing = new EncodedProduct(new Product(1, string.Empty, [], string.Empty, []), [model.Context.EndId, model.Context.EndId])
        {
            Features = new int[model.Context.Features.Count],
        };
        var result = Run(
            ProductBatch.Of(
                [nothing],
                PreparedPictures.None(1, model.Options.ImageSize),
                new BatchLayout(ContextLength: null, model.Context.PaddingId, Tasks: [])
            ),
            embeddings: true
        );
        return (result.Joint?.Length, result.Image?.Length, result.Text?.Length);
    }

    private BatchResult RunOnce(ProductBatch batch, bool embeddings) =>
        Use(
            batch,
            tensors =>
            {
                var output = model.Forward(tensors);
                var usable = Usable(batch);
                return new BatchResult
                {
                    Usable = usable,
                    Probabilities = [.. Tasks.Select((task, i) => Probabilities.Of(task, output.Logits[i].ToArray(), batch, usable))],
                    Shares = output.ModalityShares is { } shares ? [.. shares.Select(share => share.ToArray())] : null,
                    Joint = embeddings ? output.JointEmbedding?.ToArray() : null,
                    Image = embeddings ? output.ImageEmbedding?.ToArray() : null,
                    Text = embeddings ? output.TextEmbedding?.ToArray() : null,
                };
            }
        );

    private bool[] Usable(ProductBatch batch) =>
        [.. batch.ImagePresent.Zip(batch.TextPresent, (image, text) => Sees(image, picture: true) || Sees(text, picture: false))];
}
