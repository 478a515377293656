// ViT against Hugging Face's ViTForImageClassification / ViTModel and torchvision's VisionTransformer.
using System.Text.Json;
using Duet.Data;
using Duet.Models;
using Duet.Models.Pretrained;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Parity;

public sealed class VitParityTests
{
    private const string ExtraPooler = "extra_pooler.";

    [SkippableFact]
    public void Hugging_face_classifier() =>
        ParityCase.ForEach(
            "vit",
            found =>
            {
                var options = HuggingFace(found.Config);
                var classifier = found
                    .Weights.Where(weight => !weight.Key.StartsWith(ExtraPooler, StringComparison.Ordinal))
                    .ToDictionary();
                var map = NameMapVit.HuggingFace(classifier: true, pooler: false);
                using var model = new Vit(options, Context(found.Config.GetProperty("vit").GetProperty("num_labels").GetInt32()));
                map.Load(model, classifier, found.Folder.Name);

                var (expected, pixels) = (found.Expected, found.Inputs["pixel_values"]);
                using var recorder = ForwardRecorder.Begin(model.Encoder);
                var patches = model.Encoder.Patches(pixels);
                var embedded = model.Encoder.Embed(patches);
                var last = model.Encoder.NormalizeAfter(model.Encoder.Encode(embedded));
                expected.Hidden("patch_embeddings", patches);
                expected.Hidden("embedding_output", embedded);
                expected.HiddenSeries("hidden_", recorder.Hidden());
                expected.AttentionSeries("attention_probs_", recorder.Attention());
                expected.Hidden("last_hidden_state", last);

                var logits = model.Forward(Batch(pixels)).Logits[0];
                var loss = Functional.CrossEntropy(logits, found.Inputs["labels"], -100);
                expected.Hidden("logits", logits);
                expected.Loss("loss_cross_entropy", loss);
                loss.backward();
                var gradients = ParityGradients.Published(model, map, classifier);
                expected.Gradients(gradients);
                expected.GradientNorms(gradients);
                expected.Hidden("pooler_output", Pooled(found, options, last));
            }
        );

    [SkippableFact]
    public void Torchvision_classifier() =>
        ParityCase.ForEach(
            "vit",
            found =>
            {
                var config = found.Config.GetProperty("torchvision");
                using var model = new Vit(Torchvision(found.Config), Context(config.GetProperty("num_classes").GetInt32()));
                NameMapVit.Torchvision(classifier: true).Load(model, found.Weights, found.Folder.Name);
                var (expected, pixels) = (found.Expected, found.Inputs["pixel_values"]);
                using var recorder = ForwardRecorder.Begin(model.Encoder);
                var embedded = model.Encoder.Embed(model.Encoder.Patches(pixels));
                expected.Hidden("embedding_output", embedded);
                expected.Hidden("after_final_norm", model.Encoder.NormalizeAfter(model.Encoder.Encode(embedded)));
                expected.HiddenSeries("hidden_", recorder.Hidden());
                expected.Hidden("logits", model.Forward(Batch(pixels)).Logits[0]);
            },
            "torchvision."
        );

    private static Tensor Pooled(ParityCase found, VitOptions options, Tensor last)
    {
        var pooler = found
            .Weights.Where(weight => !weight.Key.StartsWith("classifier.", StringComparison.Ordinal))
            .ToDictionary(weight => weight.Key.Replace(ExtraPooler, "vit.pooler.", StringComparison.Ordinal), weight => weight.Value);
        using var model = new Vit(options with { Pooling = VitPooling.Pooler }, Context(0));
        NameMapVit.HuggingFace(classifier: false, pooler: true).Load(model, pooler, found.Folder.Name);
        return model.Pool(last);
    }

    private static VitOptions HuggingFace(JsonElement config)
    {
        var vit = config.Block("vit", "hugging_face");
        var width = vit.GetProperty("hidden_size").GetInt32();
        return new VitOptions
        {
            ImageSize = Side(vit, "image_size"),
            NormEpsilon = vit.GetProperty("layer_norm_eps").GetDouble(),
            Activation = PublishedActivation.Parse(vit.Text("hidden_act", "gelu")),
            Image = new()
            {
                PatchSize = Side(vit, "patch_size"),
                Width = width,
                Layers = vit.GetProperty("num_hidden_layers").GetInt32(),
                Heads = vit.GetProperty("num_attention_heads").GetInt32(),
                MlpRatio = vit.GetProperty("intermediate_size").GetDouble() / width,
                PatchBias = true,
                NormBefore = false,
            },
        };
    }

    private static VitOptions Torchvision(JsonElement config)
    {
        var vit = config.Block("torchvision", "torchvision");
        var width = vit.GetProperty("hidden_dim").GetInt32();
        return new VitOptions
        {
            ImageSize = vit.GetProperty("image_size").GetInt32(),
            NormEpsilon = vit.GetProperty("layer_norm_eps").GetDouble(),
            Image = new()
            {
                PatchSize = vit.GetProperty("patch_size").GetInt32(),
                Width = width,
                Layers = vit.GetProperty("num_layers").GetInt32(),
                Heads = vit.GetProperty("num_heads").GetInt32(),
                MlpRatio = vit.GetProperty("mlp_dim").GetDouble() / width,
                PatchBias = true,
                NormBefore = false,
            },
        };
    }

    // Hugging Face takes one number or height and width.
    private static int Side(JsonElement config, string name) =>
        config.Longs(name) is var sides && sides[0] == sides[^1]
            ? (int)sides[0]
            : throw new InvalidOperationException($"{name} is {config.GetProperty(name).GetRawText()}; Duet's ViT reads squares.");

    private static ModelContext Context(int classes) =>
        new(
            classes == 0
                ? []
                :
                [
                    new TaskDefinition(
                        "class",
                        "class",
                        TaskKind.SingleLabel,
                        [.. Enumerable.Range(0, classes).Select(label => $"{label}")]
                    ),
                ],
            8,
            0,
            7,
            -1
        );

    private static Batch Batch(Tensor pixels)
    {
        var rows = pixels.size(0);
        return new Batch(
            pixels,
            zeros([rows, 4], dtype: ScalarType.Int64),
            zeros([rows, 4], dtype: ScalarType.Bool),
            ones([rows], dtype: ScalarType.Bool),
            zeros([rows], dtype: ScalarType.Bool)
        );
    }
}
