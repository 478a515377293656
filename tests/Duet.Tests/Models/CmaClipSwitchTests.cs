// CMA-CLIP's switches, ways to start, presets and refusals.
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Heads;
using Duet.Tests.Training;
using Duet.Torch;
using Duet.Torch.Optimisers;
using TorchSharp;
using static Duet.Tests.Models.CmaClipCases;
using static TorchSharp.torch;

namespace Duet.Tests.Models;

[Collection(TrainingCollection.Name)]
public sealed class CmaClipSwitchTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static TheoryData<string> Switches => [.. Variants.Keys];

    private static Dictionary<string, CmaClipOptions> Variants { get; } =
        new(StringComparer.Ordinal)
        {
            ["no sequence-wise attention"] = Micro with { SequenceWiseAttention = false },
            ["no modality-wise attention"] = Micro with { ModalityWiseAttention = false },
            ["neither"] = Micro with { SequenceWiseAttention = false, ModalityWiseAttention = false },
            ["picture alone"] = Micro with { Modalities = InputModalities.Image },
            ["text alone"] = Micro with { Modalities = InputModalities.Text },
            ["one vector for both"] = Micro with { SharedModalityVector = true },
            ["linear token projection"] = Micro with { TokenProjection = TokenProjection.Linear },
            ["from the text tower"] = Micro with { FusionInitialization = FusionInitialization.TextTower },
            ["from the identity"] = Micro with { FusionInitialization = FusionInitialization.Identity },
            ["no modality embeddings"] = Micro with { ModalityEmbeddings = false },
            ["means as aggregates"] = Micro with { Aggregation = Aggregation.Mean },
            ["means of the towers"] = Micro with { Aggregation = Aggregation.Mean, SequenceWiseAttention = false },
            ["aggregates of the tasks"] = Micro with { Aggregation = Aggregation.TaskAttention },
            ["scaled scores"] = Micro with { ScaledModalityScores = true },
            ["a norm before the heads"] = Micro with { HeadNorm = true },
            ["linear heads"] = Micro with { HeadWidth = 0 },
            ["linear stem"] = Micro with { Image = (VisionTransformerOptions)Micro.Image with { Stem = PatchStem.Linear } },
            ["residual stem"] = Micro with
            {
                Image = (VisionTransformerOptions)Micro.Image with { Stem = PatchStem.Residual, StemDepth = 2 },
            },
        };

    [Fact]
    public void A_product_does_not_depend_on_its_neighbours()
    {
        foreach (var options in Variants.Values.Append(Micro))
        {
            using var model = Evaluating(options);
            var batch = Products() with
            {
                ImagePresent = Tensors.From([true, true, false], Rows),
                TextPresent = Tensors.From([true, false, true], Rows),
            };
            batch = options.Modalities == InputModalities.Both ? batch : Products();
            var together = model.Forward(batch);
            for (var row = 0; row < Rows; row++)
            {
                var alone = model.Forward(batch.Select(Tensors.From<long>([row], 1)));
                for (var task = 0; task < alone.Logits.Count; task++)
                {
                    Close(alone.Logits[task].ToArray(), together.Logits[task].select(0, row).ToArray(), 1e-5f);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Switches))]
    public void Every_switch_builds_trains_and_changes_the_result(string name)
    {
        var options = Variants[name];
        using var model = Create(options);
        var parameters = model.NamedParameters().ToList();
        using var loss = new Duet.Training.MultiTaskLoss(Context.Tasks, Duet.Training.LossBalancing.Equal, 0);
        using var optimiser = new AdamW([new ParameterGroup(parameters, 1, 0)]);
        var batch = Products();
        model.train();
        var losses = new List<double>();
        for (var step = 0; step < 20; step++)
        {
            var total = loss.Forward(model.Forward(batch), batch.Labels).Total;
            losses.Add(total.ToDouble());
            total.backward();
            optimiser.Step(0.01);
            model.zero_grad();
        }

        losses.TakeLast(3).Average().ShouldBeLessThan(0.7 * losses[0]);

        // With the full model's weights, where both have them, the result must be another.
        using var full = Evaluating(Micro);
        using var variant = Evaluating(options);
        if (options.FusionInitialization == FusionInitialization.Random)
        {
            CopyShared(full, variant);
        }

        Differ(full.Forward(batch), variant.Forward(batch), row: 0);
    }

    [Fact]
    public void Switched_off_parts_are_not_there()
    {
        Names(Micro).ShouldContain("fusion.resblocks.0.mlp.c_fc.weight");
        Names(Micro).ShouldContain("modality_attention.1.text");
        Names(Micro with { SequenceWiseAttention = false })
            .ShouldNotContain(name =>
                name.StartsWith("fusion", StringComparison.Ordinal) || name.StartsWith("modality_embedding", StringComparison.Ordinal)
            );
        Names(Micro with { SharedModalityVector = true }).ShouldNotContain("modality_attention.0.text");
        Names(Micro with { ModalityEmbeddings = false }).ShouldNotContain("modality_embedding");
        Names(Micro with { HeadWidth = 0 }).ShouldNotContain(name => name.Contains("hidden", StringComparison.Ordinal));
        Names(Micro with { TokenProjection = TokenProjection.Linear }).ShouldContain("image_tokens.weight");
    }

    [Theory]
    [InlineData(FusionInitialization.Identity, true)]
    [InlineData(FusionInitialization.Random, false)]
    public void Fusion_that_starts_as_the_identity_lets_each_input_through_alone(FusionInitialization initialization, bool alone)
    {
        using var model = Evaluating(Micro with { FusionInitialization = initialization });
        var batch = Products();
        var other = batch with { TokenIds = batch.TokenIds.clamp(0, 11).to(ScalarType.Int64) };
        var (first, second) = (model.Forward(batch).ImageEmbedding!, model.Forward(other).ImageEmbedding!);
        first.ToArray().Zip(second.ToArray()).All(pair => Math.Abs(pair.First - pair.Second) < 1e-6f).ShouldBe(alone);
    }

    [Fact]
    public void Fusion_can_start_from_the_text_tower()
    {
        using var model = Create(Variants["from the text tower"]);
        var parameters = model.NamedParameters().ToDictionary();
        var copied = parameters.Keys.Where(name => name.StartsWith("fusion.resblocks.", StringComparison.Ordinal)).ToList();
        copied.Count.ShouldBe(12);
        foreach (var name in copied)
        {
            var source = parameters["text.transformer" + name["fusion".Length..]];
            parameters[name].ToArray().ShouldBe(source.ToArray());
            parameters[name].DataAddress().ShouldNotBe(source.DataAddress(), "a copy, not the same tensor");
        }
    }

    [Fact]
    public void Every_preset_is_valid()
    {
        foreach (var (name, options) in CmaClip.Descriptor.Presets)
        {
            Should.NotThrow(options.Validate, name);
        }

        CmaClip.Descriptor.Presets.Keys.Order(StringComparer.Ordinal).ShouldBe(["b16", "b32", "l14", "quick", "small", "tiny"]);
        var b32 = (CmaClipOptions)CmaClip.Descriptor.Preset("b32");
        (
            b32.ImageSize,
            b32.ContextLength,
            ((VisionTransformerOptions)b32.Image).PatchSize,
            ((VisionTransformerOptions)b32.Image).Width,
            ((VisionTransformerOptions)b32.Image).Layers,
            ((TextTransformerOptions)b32.Text).Width,
            ((TextTransformerOptions)b32.Text).Layers,
            b32.JointWidth
        ).ShouldBe((224, 77, 32, 768, 12, 512, 12, 512));
        var l14 = (CmaClipOptions)CmaClip.Descriptor.Preset("l14");
        var (picture, words) = ((VisionTransformerOptions)l14.Image, (TextTransformerOptions)l14.Text);
        (picture.PatchSize, picture.Width, picture.Layers, picture.Heads, words.Width, words.Heads, l14.JointWidth).ShouldBe(
            (14, 1024, 24, 16, 768, 12, 768)
        );
        Should.Throw<OptionException>(() => CmaClip.Descriptor.Preset("b23")).Message.ShouldContain("b32");
    }

    [Fact]
    public void Wrong_settings_are_named()
    {
        Refused(Micro with { JointWidth = 15 }, "joint_width 15");
        Refused(Micro with { JointWidth = 4 }, "joint_width is 4");
        Refused(Micro with { FusionHeads = 3 }, "fusion_heads 3");
        Refused(Micro with { FusionLayers = 0 }, "fusion_layers is 0");
        Refused(Micro with { HeadWidth = -1 }, "head_width is -1");
        Refused(Micro with { HeadDropout = double.NaN }, "head_dropout is NaN");
        Refused(Micro with { Dropout = 0.95 }, "dropout is 0.95");
        Refused(Micro with { ImageSize = 20 }, "image_size 20");
        Refused(Micro with { ContextLength = 2 }, "context_length is 2");
        Refused(Micro with { Image = (VisionTransformerOptions)Micro.Image with { PatchSize = 32 } }, "image.patch_size is 32");
        Refused(Micro with { Image = (VisionTransformerOptions)Micro.Image with { Heads = 5 } }, "image.heads 5");
        Refused(Micro with { Text = (TextTransformerOptions)Micro.Text with { Heads = 0 } }, "text.heads 0");
        Refused(Micro with { FusionInitialization = FusionInitialization.TextTower, FusionLayers = 2 }, "fusion_layers 2");
        Refused(Micro with { PixelDeviation = [1, 0, 1] }, "pixel_deviation");
        Refused(Micro with { PixelMean = [1] }, "pixel_mean");

        static void Refused(CmaClipOptions options, string expected)
        {
            Should.Throw<OptionException>(() => Create(options)).Message.ShouldContain(expected);
        }
    }
}
