// CLIP's arrangements beside the fixtures: the linear probe, the convolutional tower as a product system, layer counting, Hugging Face
// names.
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Pretrained;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Models;

[Collection(RandomNumbersCollection.Name)]
public sealed class ClipTests
{
    private static ClipOptions Tiny => (ClipOptions)Clip.Descriptor.Preset("tiny");

    [Fact]
    public void A_linear_probe_learns_its_heads_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        using var model = Create(Tiny with { LinearProbe = true });
        var batch = ContractBatches.Make(model.Options, 8, seed: 1);
        var before = model.NamedState().Where(IsTower).ToDictionary(tensor => tensor.Key, tensor => tensor.Value.ToArray());
        ContractModel.Learn(model, batch, goal: 0, mostSteps: 3);
        foreach (var (name, tensor) in model.NamedState().Where(IsTower))
        {
            tensor.ToArray().ShouldBe(before[name], name);
        }

        model
            .NamedParameters()
            .Where(parameter => parameter.Value.requires_grad)
            .ShouldAllBe(parameter =>
                !parameter.Key.StartsWith("visual.", StringComparison.Ordinal)
                && !parameter.Key.StartsWith("text.", StringComparison.Ordinal)
            );
        model.NamedParameters().ShouldNotContain(parameter => parameter.Key.Contains(".hidden.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_modified_resnet_classifies_and_counts_its_layers()
    {
        using var scope = NewDisposeScope();
        var options = Tiny with
        {
            ImageSize = 64,
            Tower = ImageTower.ModifiedResNet,
            ResNet = new()
            {
                Layers = [1, 1, 1, 1],
                Width = 8,
                Heads = 4,
            },
        };
        using var model = Create(options);
        var batch = ContractBatches.Make(options, 6, seed: 2);
        model.train();
        ContractModel.WholeLoss(model, batch).backward();
        model.NamedParameters().ShouldAllBe(parameter => !ReferenceEquals(parameter.Value.grad, null));
        model.LayerOf("visual.conv1.weight").ShouldBe(0);
        model.LayerOf("visual.layer3.0.conv1.weight").ShouldBe(3);
        model.LayerOf("visual.attnpool.c_proj.weight").ShouldBe(model.LayerCount);
        model.LayerOf("heads.0.output.weight").ShouldBe(model.LayerCount);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(80)]
    [InlineData(32)]
    public void A_modified_resnet_takes_every_size_its_attention_pool_has_positions_for(int size)
    {
        using var scope = NewDisposeScope();
        using var tower = new ModifiedResNet(
            new()
            {
                Layers = [1, 1, 1, 1],
                Width = 2,
                Heads = 1,
            },
            size,
            3
        );
        tower.Forward(Tensors.Normal([2, 3, size, size])).shape.ShouldBe([2, 3]);
        Should.Throw<OptionException>(() => new ModifiedResNetOptions().Validate(63)).Message.ShouldContain("image_size 63");
        Should.Throw<OptionException>(() => new ModifiedResNetOptions().Validate(31)).Message.ShouldContain("image_size 31");
    }

    [Fact]
    public void A_border_too_narrow_for_a_patch_is_not_seen()
    {
        using var scope = NewDisposeScope();
        VisionTransformerOptions shape = new()
        {
            PatchSize = 8,
            Width = 4,
            Layers = 1,
            Heads = 1,
        };
        using var tower = new VisionTransformer(shape, 29, 3, new TransformerOptions(4, 1, 1, 16));
        tower.GridSize.ShouldBe(3);
        var pixels = Tensors.Normal([2, 3, 29, 29]);
        tower.Forward(pixels).ToArray().ShouldBe(tower.Forward(pixels.narrow(2, 0, 24).narrow(3, 0, 24)).ToArray(), 1e-5);
        Should
            .Throw<OptionException>(() => (shape with { Stem = PatchStem.Residual, Width = 32 }).Validate(29))
            .Message.ShouldContain("not a multiple of image.patch_size 8");
    }

    [Fact]
    public void A_batch_without_pairs_costs_nothing()
    {
        using var scope = NewDisposeScope();
        using var model = Create(Tiny);
        model
            .PretrainingLoss(ContractBatches.Make(model.Options, 4, seed: 3, gaps: false).Restrict(InputModalities.Text))
            .ToDouble()
            .ShouldBe(0);
    }

    [Fact]
    public void Hugging_face_names_lead_to_the_same_model()
    {
        using var scope = NewDisposeScope();
        var options = Tiny with
        {
            Image = new VisionTransformerOptions
            {
                PatchSize = 8,
                Width = 64,
                Layers = 2,
                Heads = 2,
            },
            Dropout = 0,
        };
        using var original = Create(options);
        TorchRuntime.Seed(2);
        using var loaded = new Clip(options, ContractBatches.Context);
        var ours = original.NamedState().Where(tensor => IsTower(tensor) || tensor.Key == "contrastive.logit_scale").ToDictionary();
        var published = NameMapClip.HuggingFace.ToPublished(ours, HuggingFaceShapes(options));

        NameMapClip.HuggingFace.Load(loaded, published, "test");

        published.Count.ShouldBe(HuggingFaceShapes(options).Count);
        var batch = ContractBatches.Make(options, 4, seed: 4, gaps: false);
        using var recording = no_grad();
        loaded.Forward(batch).JointEmbedding!.ToArray().ShouldBe(original.Forward(batch).JointEmbedding!.ToArray());
    }

    [Fact]
    public void A_checkpoint_of_another_width_is_refused_by_name()
    {
        using var scope = NewDisposeScope();
        using var model = Create(Tiny);
        var state = model.NamedState().ToDictionary();
        var published = NameMapClip.OpenAi.ToPublished(state, new Dictionary<string, long[]> { ["text_projection"] = [64, 64] });
        Should
            .Throw<ModuleStateException>(() => NameMapClip.OpenAi.Load(model, published, "half.safetensors"))
            .Message.ShouldContain("text.token_embedding.weight");
    }

    private static bool IsTower(KeyValuePair<string, Tensor> tensor) =>
        tensor.Key.StartsWith("visual.", StringComparison.Ordinal) || tensor.Key.StartsWith("text.", StringComparison.Ordinal);

    private static Clip Create(ClipOptions options)
    {
        TorchRuntime.Seed(1);
        return new Clip(options, ContractBatches.Context);
    }

    // As modeling_clip.py lays a CLIPModel out.
    private static Dictionary<string, long[]> HuggingFaceShapes(ClipOptions options)
    {
        var (image, text) = ((VisionTransformerOptions)options.Image, (TextTransformerOptions)options.Text);
        var grid = options.ImageSize / image.PatchSize;
        var shapes = new Dictionary<string, long[]>
        {
            ["logit_scale"] = [],
            ["text_model.embeddings.token_embedding.weight"] = [ContractBatches.Context.VocabularySize, text.Width],
            ["text_model.embeddings.position_embedding.weight"] = [options.ContextLength, text.Width],
            ["text_model.final_layer_norm.weight"] = [text.Width],
            ["text_model.final_layer_norm.bias"] = [text.Width],
            ["text_projection.weight"] = [options.JointWidth, text.Width],
            ["vision_model.embeddings.class_embedding"] = [image.Width],
            ["vision_model.embeddings.patch_embedding.weight"] = [image.Width, 3, image.PatchSize, image.PatchSize],
            ["vision_model.embeddings.position_embedding.weight"] = [(grid * grid) + 1, image.Width],
            ["vision_model.pre_layrnorm.weight"] = [image.Width],
            ["vision_model.pre_layrnorm.bias"] = [image.Width],
            ["vision_model.post_layernorm.weight"] = [image.Width],
            ["vision_model.post_layernorm.bias"] = [image.Width],
            ["visual_projection.weight"] = [options.JointWidth, image.Width],
        };
        AddBlocks(shapes, "text_model", text.Layers, text.Width);
        AddBlocks(shapes, "vision_model", image.Layers, image.Width);
        return shapes;
    }

    private static void AddBlocks(Dictionary<string, long[]> shapes, string model, int layers, long width)
    {
        for (var layer = 0; layer < layers; layer++)
        {
            var block = $"{model}.encoder.layers.{layer}";
            foreach (
                var (name, outputs, inputs) in new[]
                {
                    ("self_attn.q_proj", width, width),
                    ("self_attn.k_proj", width, width),
                    ("self_attn.v_proj", width, width),
                    ("self_attn.out_proj", width, width),
                    ("mlp.fc1", 4 * width, width),
                    ("mlp.fc2", width, 4 * width),
                }
            )
            {
                shapes[$"{block}.{name}.weight"] = [outputs, inputs];
                shapes[$"{block}.{name}.bias"] = [outputs];
            }

            foreach (var norm in new[] { "layer_norm1", "layer_norm2" })
            {
                shapes[$"{block}.{norm}.weight"] = [width];
                shapes[$"{block}.{norm}.bias"] = [width];
            }
        }
    }
}
