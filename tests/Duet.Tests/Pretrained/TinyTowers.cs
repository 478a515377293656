// Tiny systems for the tests of checkpoints, and the configurations that published models of their shapes would have.
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Tests.Models;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Pretrained;

internal static class TinyTowers
{
    public const int Vocabulary = 96;

    public static ModelContext Context => ContractBatches.Context;

    public static ClipOptions Clip { get; } =
        new()
        {
            ImageSize = 24,
            ContextLength = 16,
            Image = new VisionTransformerOptions
            {
                PatchSize = 8,
                Width = 16,
                Layers = 2,
                Heads = 2,
                MlpRatio = 3,
            },
            Text = new TextTransformerOptions
            {
                Width = 24,
                Layers = 2,
                Heads = 3,
            },
            JointWidth = 12,
            HeadWidth = 8,
            Activation = Activation.Gelu,
            NormEpsilon = 1e-4,
        };

    public static ClipOptions ClipResNet { get; } =
        Clip with
        {
            ImageSize = 64,
            Tower = ImageTower.ModifiedResNet,
            ResNet = new()
            {
                Layers = [1, 2, 1, 1],
                Width = 4,
                Heads = 2,
            },
            Activation = Activation.QuickGelu,
            NormEpsilon = 1e-5,
        };

    public static VitOptions Vit { get; } =
        new()
        {
            ImageSize = 24,
            Image = new()
            {
                PatchSize = 8,
                Width = 16,
                Layers = 2,
                Heads = 2,
                MlpRatio = 2.25,
                PatchBias = true,
                NormBefore = false,
            },
            Pooling = VitPooling.Pooler,
        };

    public static BertTextOptions Bert { get; } =
        new()
        {
            ImageSize = 32,
            ContextLength = 16,
            Text = new()
            {
                Width = 16,
                Layers = 2,
                Heads = 4,
                MlpWidth = 40,
                Positions = 20,
                NormEpsilon = 1e-5,
            },
        };

    public static ResNetClassifierOptions ResNet { get; } =
        new()
        {
            ImageSize = 64,
            Image = new()
            {
                Bottleneck = true,
                Blocks = [1, 2, 1, 1],
                Width = 4,
            },
        };

    public static object HuggingFaceClipConfig(int vocabulary = Vocabulary) =>
        new
        {
            model_type = "clip",
            projection_dim = 12,
            text_config = new
            {
                vocab_size = vocabulary,
                hidden_size = 24,
                intermediate_size = 96,
                num_hidden_layers = 2,
                num_attention_heads = 3,
                max_position_embeddings = 16,
                hidden_act = "gelu",
                layer_norm_eps = 1e-4,
            },
            vision_config = new
            {
                hidden_size = 16,
                intermediate_size = 48,
                num_hidden_layers = 2,
                num_attention_heads = 2,
                image_size = 24,
                patch_size = 8,
                hidden_act = "gelu",
                layer_norm_eps = 1e-4,
            },
        };

    public static object BertConfig(string type = "bert", int positions = 20, int segments = 2) =>
        new
        {
            model_type = type,
            vocab_size = Vocabulary,
            hidden_size = 16,
            num_hidden_layers = 2,
            num_attention_heads = 4,
            intermediate_size = 40,
            max_position_embeddings = positions,
            type_vocab_size = segments,
            hidden_act = "gelu",
            layer_norm_eps = 1e-5,
            pad_token_id = type == "bert" ? 0 : 1,
        };

    public static object VitConfig { get; } = new
    {
        model_type = "vit",
        image_size = 24,
        patch_size = 8,
        hidden_size = 16,
        num_hidden_layers = 2,
        num_attention_heads = 2,
        intermediate_size = 36,
        hidden_act = "gelu",
        layer_norm_eps = 1e-12,
    };

    public static object ResNetConfig { get; } = new
    {
        model_type = "resnet",
        embedding_size = 4,
        hidden_sizes = new[] { 16, 32, 64, 128 },
        depths = new[] { 1, 2, 1, 1 },
        layer_type = "bottleneck",
        hidden_act = "relu",
    };

    /// <summary>A system with random weights, batch statistics among them.</summary>
    public static ProductModel Random(string model, ModelOptions options, ulong seed)
    {
        TorchRuntime.Seed(seed);
        var made = ModelRegistry.Find(model).Create(options, Context);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        foreach (var (name, tensor) in made.NamedState().Where(tensor => tensor.Value.dtype == ScalarType.Float32))
        {
            if (name.EndsWith("running_var", StringComparison.Ordinal))
            {
                tensor.uniform_(0.5, 1.5);
            }
            else
            {
                tensor.copy_(tensor + Tensors.Normal(tensor.shape, 0, 0.1));
            }
        }

        return made;
    }

    /// <summary>Fails unless both systems compute the same embeddings for the same products.</summary>
    public static void ShouldComputeTheSame(ProductModel model, ProductModel source, double tolerance = 0)
    {
        using var scope = NewDisposeScope();
        var batch = ContractBatches.Make(model.Options, 6, seed: 3, gaps: false);
        var (found, wanted) = (model.Forward(batch), source.Forward(batch));
        Compare(found.ImageEmbedding, wanted.ImageEmbedding, tolerance);
        Compare(found.TextEmbedding, wanted.TextEmbedding, tolerance);
    }

    private static void Compare(Tensor? found, Tensor? wanted, double tolerance)
    {
        if (wanted is not null)
        {
            var difference = (found! - wanted).abs().max().ToDouble();
            difference.ShouldBeLessThanOrEqualTo(tolerance);
            wanted.abs().max().ToDouble().ShouldBeGreaterThan(0.01);
        }
    }
}
