// CMA-CLIP as the paper describes it: shapes, masks, formulas, switches.
using Duet.Data;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Models.Heads;
using Duet.Tests.Training;
using Duet.Torch;
using Duet.Torch.Optimisers;

namespace Duet.Tests.Models;

[Collection(TrainingCollection.Name)]
public sealed class CmaClipTests : IDisposable
{
    private const int Rows = 3;
    private const int Padding = 0;
    private const int Vocabulary = 40;

    private static readonly CmaClipOptions Micro = TrainingCatalogue.Micro;

    private static readonly ModelContext Context = new(
        [
            new("color", "color", TaskKind.SingleLabel, ["red", "green", "blue"]),
            new("tags", "tags", TaskKind.MultiLabel, ["new", "used"]),
        ],
        Vocabulary,
        Padding,
        1,
        -1);

    private readonly TensorScope _scope = new();

    public void Dispose() => _scope.Dispose();

    public static TheoryData<string> Switches => [.. Variants.Keys];

    private static Dictionary<string, CmaClipOptions> Variants { get; } = new(StringComparer.Ordinal)
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
        ["linear heads"] = Micro with { HeadWidth = 0 },
        ["linear stem"] = Micro with { Image = Micro.Image with { Stem = PatchStem.Linear } },
    };

    [Fact]
    public void Gives_logits_embeddings_and_shares_for_every_task()
    {
        using var model = Evaluating(Micro);
        var trace = new ModelTrace();
        var output = model.Forward(Products(), trace);
        output.Logits.Select(logits => logits.Shape).ShouldBe([[Rows, 3], [Rows, 2]]);
        output.ImageEmbedding!.Shape.ShouldBe([Rows, Micro.JointWidth]);
        output.TextEmbedding!.Shape.ShouldBe([Rows, Micro.JointWidth]);
        output.JointEmbedding!.Shape.ShouldBe([Rows, Micro.JointWidth]);
        output.ModalityShares!.Select(shares => shares.Shape).ShouldBe([[Rows, 2], [Rows, 2]]);
        output.ModalityShares!.SelectMany(shares => shares.Sum(1).ToArray()).ShouldAllBe(sum => Math.Abs(sum - 1) < 1e-6);

        // One class and four patches, then seven tokens.
        (trace.ImagePatches, trace.TextTokens).ShouldBe(((1, 4), (5, 7)));
        trace.Fusion.Attention.ShouldHaveSingleItem().Shape.ShouldBe([Rows, 2, 12, 12]);
        trace.TextToImage().ShouldHaveSingleItem().Shape.ShouldBe([Rows, 7, 4]);
    }

    [Fact]
    public void A_missing_picture_has_no_share_and_no_influence()
    {
        using var model = Evaluating(Micro);
        var batch = Products() with { ImagePresent = Tensor.From([true, false, true], Rows) };
        var other = batch with { Pixels = batch.Pixels + (Tensor.From<float>([0, 5, 0], Rows, 1, 1, 1) * Tensor.Normal(batch.Pixels.Shape)) };
        var (first, second) = (model.Forward(batch), model.Forward(other));
        foreach (var (shares, again) in first.ModalityShares!.Zip(second.ModalityShares!))
        {
            shares.ToArray()[2..4].ShouldBe([0f, 1f]);
            shares.ToArray()[0].ShouldBeInRange(0.01f, 0.99f);
            again.ToArray().ShouldBe(shares.ToArray());
        }

        Same(first, second);
        Differ(first, model.Forward(Products()), row: 1);
    }

    [Fact]
    public void A_missing_text_has_no_share_and_no_influence()
    {
        using var model = Evaluating(Micro);
        var batch = Products() with { TextPresent = Tensor.From([true, true, false], Rows) };
        var ids = batch.TokenIds.ToInt64Array();
        ids.AsSpan(2 * 7, 5).Fill(33);
        var (first, second) = (model.Forward(batch), model.Forward(batch with { TokenIds = Tensor.From(ids, Rows, 7) }));
        first.ModalityShares!.ShouldAllBe(shares => shares.ToArray()[4] == 1 && shares.ToArray()[5] == 0);
        Same(first, second);
        Differ(first, model.Forward(Products()), row: 2);
    }

    [Fact]
    public void What_stands_after_the_end_of_a_text_has_no_influence()
    {
        using var model = Evaluating(Micro);
        var batch = Products();
        var ids = batch.TokenIds.ToInt64Array();
        ids.AsSpan(5, 2).Fill(39);
        Same(model.Forward(batch), model.Forward(batch with { TokenIds = Tensor.From(ids, Rows, 7) }));

        // Longer rows with more padding are the same texts.
        var wider = batch with
        {
            TokenIds = Tensor.Concatenate(1, batch.TokenIds, Tensor.Zeros([Rows, 4], ScalarType.Int64)),
            TokenMask = Tensor.Concatenate(1, batch.TokenMask, Tensor.Zeros([Rows, 4], ScalarType.Boolean)),
        };
        Same(model.Forward(batch), model.Forward(wider), 1e-5f);
    }

    [Fact]
    public void A_product_does_not_depend_on_its_neighbours()
    {
        foreach (var options in Variants.Values.Append(Micro))
        {
            using var model = Evaluating(options);
            var batch = Products() with { ImagePresent = Tensor.From([true, true, false], Rows), TextPresent = Tensor.From([true, false, true], Rows) };
            batch = options.Modalities == InputModalities.Both ? batch : Products();
            var together = model.Forward(batch);
            for (var row = 0; row < Rows; row++)
            {
                var alone = model.Forward(batch.Select(Tensor.From<long>([row], 1)));
                for (var task = 0; task < alone.Logits.Count; task++)
                {
                    Close(alone.Logits[task].ToArray(), together.Logits[task].Select(0, row).ToArray(), 1e-5f);
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
        model.Train();
        var losses = new List<double>();
        for (var step = 0; step < 20; step++)
        {
            var total = loss.Forward(model.Forward(batch), batch.Labels).Total;
            losses.Add(total.Item());
            total.Backward();
            optimiser.Step(0.01);
            model.ClearGradients();
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
        Names(Micro with { SequenceWiseAttention = false }).ShouldNotContain(name => name.StartsWith("fusion", StringComparison.Ordinal) || name.StartsWith("modality_embedding", StringComparison.Ordinal));
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
        var other = batch with { TokenIds = batch.TokenIds.Clamp(0, 11).To(ScalarType.Int64) };
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
            parameters[name].Address.ShouldNotBe(source.Address, "a copy, not the same tensor");
        }
    }

    [Fact]
    public void Without_modality_wise_attention_the_plain_mean_of_what_is_there_counts()
    {
        using var model = Evaluating(Micro with { ModalityWiseAttention = false });
        var output = model.Forward(Products() with { ImagePresent = Tensor.From([true, false, true], Rows), TextPresent = Tensor.From([true, true, false], Rows) });
        float[] expected = [0.5f, 0.5f, 0, 1, 1, 0];
        output.ModalityShares!.ShouldAllBe(shares => shares.ToArray().SequenceEqual(expected));
        var (image, text, joint) = (output.ImageEmbedding!.ToArray(), output.TextEmbedding!.ToArray(), output.JointEmbedding!.ToArray());
        Close(joint[..16], [.. image.Zip(text, (i, t) => (i + t) / 2).Take(16)], 1e-6f);
        Close(joint[16..32], text[16..32], 1e-6f);
        Close(joint[32..], image[32..], 1e-6f);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Modality_wise_attention_by_hand(bool shared)
    {
        using var attention = new KeylessAttention(2, shared);
        using (Gradients.Disabled())
        {
            foreach (var (name, vector) in attention.NamedParameters())
            {
                vector.CopyInPlace(Tensor.From<float>(name == "image" ? [1, -2] : [0.5f, 3], 2));
            }
        }

        var (sum, shares) = attention.Forward(
            Tensor.From<float>([2, 1, 2, 1, 2, 1], 3, 2), Tensor.From<float>([-1, 0.5f, -1, 0.5f, -1, 0.5f], 3, 2), Tensor.From([true, true, false], 3), Tensor.From([true, false, true], 3));

        // Picture: 1 * 2 - 2 * 1 = 0. Text: -1 * 0.5 + 0.5 * 3 = 1, or -1 * 1 - 0.5 * 2 = -2 with the picture's vector.
        var text = shared ? -2 : 1;
        var share = 1 / (1 + Math.Exp(text));
        Close(shares.ToArray(), [(float)share, (float)(1 - share), 1, 0, 0, 1], 1e-6f);
        Close(sum.ToArray(), [(float)((share * 2) - (1 - share)), (float)(share + ((1 - share) * 0.5)), 2, 1, -1, 0.5f], 1e-6f);
    }

    [Fact]
    public void The_contrastive_loss_by_hand()
    {
        using var loss = new ContrastiveLoss();
        Math.Exp(loss.LogitScale.Item()).ShouldBe(1 / 0.07, 1e-4);
        SetScale(loss, 2);

        // Cosines: (1, 0.6), (0, 0.8).
        var (image, text) = (Tensor.From<float>([3, 0, 0, 0.5f], 2, 2), Tensor.From<float>([7, 0, 0.6f, 0.8f], 2, 2));
        Close(loss.Logits(image, text).ToArray(), [2, 1.2f, 0, 1.6f], 1e-6f);
        var expected = (Cross(2, 1.2) + Cross(1.6, 0) + Cross(2, 0) + Cross(1.6, 1.2)) / 4;
        loss.Forward(image, text).Item().ShouldBe(expected, 1e-6);

        static double Cross(double right, double wrong) => Math.Log(1 + Math.Exp(wrong - right));
    }

    [Fact]
    public void The_temperature_is_held_at_one_hundredth()
    {
        using var loss = new ContrastiveLoss();
        SetScale(loss, 5000);
        var unit = Tensor.From<float>([1, 0], 1, 2);
        loss.Logits(unit, unit).Item().ShouldBe(100, 1e-3);
        SetScale(loss, 99);
        loss.Logits(unit, unit).Item().ShouldBe(99, 1e-3);
    }

    [Fact]
    public void Pre_training_uses_the_rows_that_have_both()
    {
        using var model = Evaluating(Micro);
        var batch = Products() with { ImagePresent = Tensor.From([true, false, true], Rows), TextPresent = Tensor.From([true, true, true], Rows) };
        var pairs = model.PretrainingLoss(batch).Item();
        pairs.ShouldBe(model.PretrainingLoss(Products().Select(Tensor.From<long>([0, 2], 2))).Item(), 1e-5);
        pairs.ShouldBeGreaterThan(0);

        // By its parts: cosines of the towers' outputs, times the starting scale.
        var none = model.PretrainingLoss(batch with { ImagePresent = Tensor.Zeros([Rows], ScalarType.Boolean) });
        none.Item().ShouldBe(0);
        none.Backward();
        model.NamedParameters().ShouldAllBe(parameter => parameter.Value.Gradient == null || parameter.Value.Gradient.AllFinite());
    }

    [Fact]
    public void Every_preset_is_valid()
    {
        foreach (var (name, options) in CmaClip.Descriptor.Presets)
        {
            Should.NotThrow(options.Validate, name);
        }

        CmaClip.Descriptor.Presets.Keys.Order(StringComparer.Ordinal).ShouldBe(["b16", "b32", "l14", "small", "tiny"]);
        var b32 = (CmaClipOptions)CmaClip.Descriptor.Preset("b32");
        (b32.ImageSize, b32.ContextLength, b32.Image.PatchSize, b32.Image.Width, b32.Image.Layers, b32.Text.Width, b32.Text.Layers, b32.JointWidth).ShouldBe((224, 77, 32, 768, 12, 512, 12, 512));
        var l14 = (CmaClipOptions)CmaClip.Descriptor.Preset("l14");
        (l14.Image.PatchSize, l14.Image.Width, l14.Image.Layers, l14.Image.Heads, l14.Text.Width, l14.Text.Heads, l14.JointWidth).ShouldBe((14, 1024, 24, 16, 768, 12, 768));
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
        Refused(Micro with { Image = Micro.Image with { PatchSize = 32 } }, "image.patch_size is 32");
        Refused(Micro with { Image = Micro.Image with { Heads = 5 } }, "image.heads 5");
        Refused(Micro with { Text = Micro.Text with { Heads = 0 } }, "text.heads 0");
        Refused(Micro with { FusionInitialization = FusionInitialization.TextTower, FusionLayers = 2 }, "fusion_layers 2");
        Refused(Micro with { PixelDeviation = [1, 0, 1] }, "pixel_deviation");
        Refused(Micro with { PixelMean = [1] }, "pixel_mean");

        static void Refused(CmaClipOptions options, string expected)
        {
            Should.Throw<OptionException>(() => Create(options)).Message.ShouldContain(expected);
        }
    }

    private static CmaClip Create(CmaClipOptions options)
    {
        TorchRuntime.Seed(3);
        return new CmaClip(options, Context);
    }

    // Small random vectors hardly prefer anything; larger ones show every influence.
    private static CmaClip Evaluating(CmaClipOptions options)
    {
        var model = Create(options);
        using (Gradients.Disabled())
        {
            foreach (var parameter in model.NamedParameters().Where(parameter => parameter.Key.Contains("modality", StringComparison.Ordinal)))
            {
                parameter.Value.MulInPlace(10);
            }
        }

        model.Evaluate();
        return model;
    }

    private static void CopyShared(CmaClip source, CmaClip target)
    {
        using var recording = Gradients.Disabled();
        var own = target.NamedState().ToDictionary();
        var copied = 0;
        foreach (var (name, tensor) in source.NamedState())
        {
            if (own.TryGetValue(name, out var place) && place.Shape.AsSpan().SequenceEqual(tensor.Shape))
            {
                place.CopyInPlace(tensor);
                copied++;
            }
        }

        copied.ShouldBeGreaterThan(20);
    }

    private static List<string> Names(CmaClipOptions options)
    {
        using var model = Create(options);
        return [.. model.NamedParameters().Select(parameter => parameter.Key)];
    }

    private static void SetScale(ContrastiveLoss loss, double scale)
    {
        using var recording = Gradients.Disabled();
        loss.LogitScale.FillInPlace(Math.Log(scale));
    }

    // Texts of 5, 7 and 4 tokens in rows of 7.
    private static Batch Products()
    {
        TorchRuntime.Seed(9);
        return new Batch(
            Tensor.Normal([Rows, 3, Micro.ImageSize, Micro.ImageSize]),
            Tensor.From<long>([2, 11, 12, 13, 1, 0, 0, 2, 21, 22, 23, 24, 25, 1, 2, 31, 32, 1, 0, 0, 0], Rows, 7),
            Tensor.Range(0, 7).Less(Tensor.From<long>([5, 7, 4], Rows, 1)),
            Tensor.Ones([Rows], ScalarType.Boolean),
            Tensor.Ones([Rows], ScalarType.Boolean))
        {
            Labels = [Tensor.From<long>([0, 2, 1], Rows), Tensor.From<float>([0, 1, 1, 0, 1, 1], Rows, 2)],
        };
    }

    private static void Same(ModelOutput first, ModelOutput second, float tolerance = 1e-6f)
    {
        foreach (var (one, two) in first.Logits.Zip(second.Logits))
        {
            Close(one.ToArray(), two.ToArray(), tolerance);
        }
    }

    private static void Differ(ModelOutput first, ModelOutput second, int row)
    {
        foreach (var (one, two) in first.Logits.Zip(second.Logits))
        {
            one.Select(0, row).ToArray().Zip(two.Select(0, row).ToArray()).Max(pair => Math.Abs(pair.First - pair.Second)).ShouldBeGreaterThan(1e-4f);
        }
    }

    private static void Close(float[] actual, float[] expected, float tolerance)
    {
        actual.Length.ShouldBe(expected.Length);
        actual.Zip(expected).Max(pair => Math.Abs(pair.First - pair.Second)).ShouldBeLessThanOrEqualTo(tolerance);
    }
}
