// CMA-CLIP as the paper describes it: shapes, masks, formulas.
using Duet.Data;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Models.Heads;
using Duet.Tests.Training;
using Duet.Torch;
using Duet.Torch.Optimisers;
using TorchSharp;
using static Duet.Tests.Models.CmaClipCases;
using static TorchSharp.torch;

namespace Duet.Tests.Models;

[Collection(TrainingCollection.Name)]
public sealed class CmaClipTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(Aggregation.SpecialTokens)]
    [InlineData(Aggregation.TaskAttention)]
    public void Gives_logits_embeddings_and_shares_for_every_task(Aggregation aggregation)
    {
        using var model = Evaluating(Micro with { Aggregation = aggregation });
        var output = model.Forward(Products());
        output
            .Logits.Select(logits => logits.shape)
            .ShouldBe([
                [Rows, 3],
                [Rows, 2],
            ]);
        output.ImageEmbedding!.shape.ShouldBe([Rows, Micro.JointWidth]);
        output.TextEmbedding!.shape.ShouldBe([Rows, Micro.JointWidth]);
        output.JointEmbedding!.shape.ShouldBe([Rows, Micro.JointWidth]);
        output
            .ModalityShares!.Select(shares => shares.shape)
            .ShouldBe([
                [Rows, 2],
                [Rows, 2],
            ]);
        output.ModalityShares!.SelectMany(shares => shares.sum(1).ToArray()).ShouldAllBe(sum => Math.Abs(sum - 1) < 1e-6);

        // One class and four patches, then seven tokens.
        var flow = model.Attend(Products());
        var joint = flow.Joint!;
        (joint.PatchStart, joint.PatchCount, joint.TextStart, joint.TextCount).ShouldBe((1, 4, 5, 7));
        flow.Steps.Where(step => step.Rows == joint && step.Weights is not null)
            .ShouldHaveSingleItem()
            .Weights!.shape.ShouldBe([Rows, 2, 12, 12]);
        flow.TextToImage().ShouldHaveSingleItem().shape.ShouldBe([Rows, 7, 4]);
    }

    [Theory]
    [InlineData(Aggregation.SpecialTokens)]
    [InlineData(Aggregation.TaskAttention)]
    public void A_missing_picture_has_no_share_and_no_influence(Aggregation aggregation)
    {
        using var model = Evaluating(Micro with { Aggregation = aggregation });
        var batch = Products() with { ImagePresent = Tensors.From([true, false, true], Rows) };
        var other = batch with
        {
            Pixels = batch.Pixels + (Tensors.From<float>([0, 5, 0], Rows, 1, 1, 1) * Tensors.Normal(batch.Pixels.shape)),
        };
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

    [Theory]
    [InlineData(Aggregation.SpecialTokens)]
    [InlineData(Aggregation.TaskAttention)]
    public void A_missing_text_has_no_share_and_no_influence(Aggregation aggregation)
    {
        using var model = Evaluating(Micro with { Aggregation = aggregation });
        var batch = Products() with { TextPresent = Tensors.From([true, true, false], Rows) };
        var ids = batch.TokenIds.ToInt64Array();
        ids.AsSpan(2 * 7, 5).Fill(33);
        var (first, second) = (model.Forward(batch), model.Forward(batch with { TokenIds = Tensors.From(ids, Rows, 7) }));
        first.ModalityShares!.ShouldAllBe(shares => shares.ToArray()[4] == 1 && shares.ToArray()[5] == 0);
        Same(first, second);
        Differ(first, model.Forward(Products()), row: 2);
    }

    [Theory]
    [InlineData(Aggregation.SpecialTokens)]
    [InlineData(Aggregation.TaskAttention)]
    public void What_stands_after_the_end_of_a_text_has_no_influence(Aggregation aggregation)
    {
        using var model = Evaluating(Micro with { Aggregation = aggregation });
        var batch = Products();
        var ids = batch.TokenIds.ToInt64Array();
        ids.AsSpan(5, 2).Fill(39);
        Same(model.Forward(batch), model.Forward(batch with { TokenIds = Tensors.From(ids, Rows, 7) }));

        // Longer rows with more padding are the same texts.
        var wider = batch with
        {
            TokenIds = cat([batch.TokenIds, zeros([Rows, 4], dtype: ScalarType.Int64)], 1),
            TokenMask = cat([batch.TokenMask, zeros([Rows, 4], dtype: ScalarType.Bool)], 1),
        };
        Same(model.Forward(batch), model.Forward(wider), 1e-5f);
    }

    [Fact]
    public void Without_modality_wise_attention_the_plain_mean_of_what_is_there_counts()
    {
        using var model = Evaluating(Micro with { ModalityWiseAttention = false });
        var output = model.Forward(
            Products() with
            {
                ImagePresent = Tensors.From([true, false, true], Rows),
                TextPresent = Tensors.From([true, true, false], Rows),
            }
        );
        float[] expected = [0.5f, 0.5f, 0, 1, 1, 0];
        output.ModalityShares!.ShouldAllBe(shares => shares.ToArray().SequenceEqual(expected));
        var (image, text, joint) = (output.ImageEmbedding!.ToArray(), output.TextEmbedding!.ToArray(), output.JointEmbedding!.ToArray());
        Close(joint[..16], [.. image.Zip(text, (i, t) => (i + t) / 2).Take(16)], 1e-6f);
        Close(joint[16..32], text[16..32], 1e-6f);
        Close(joint[32..], image[32..], 1e-6f);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Modality_wise_attention_by_hand(bool shared, bool scaled)
    {
        using var attention = new KeylessAttention(2, shared, scaled);
        using (no_grad())
        {
            foreach (var (name, vector) in attention.NamedParameters())
            {
                vector.copy_(Tensors.From<float>(name == "image" ? [1, -2] : [0.5f, 3], 2));
            }
        }

        var (sum, shares) = attention.Forward(
            Tensors.From<float>([2, 1, 2, 1, 2, 1], 3, 2),
            Tensors.From<float>([-1, 0.5f, -1, 0.5f, -1, 0.5f], 3, 2),
            Tensors.From([true, true, false], 3),
            Tensors.From([true, false, true], 3)
        );

        // Picture: 1 * 2 - 2 * 1 = 0. Text: -1 * 0.5 + 0.5 * 3 = 1, or -1 * 1 - 0.5 * 2 = -2 with the picture's vector. Scaled scores are
        // divided by the root of 2.
        var text = (shared ? -2 : 1) / (scaled ? Math.Sqrt(2) : 1);
        var share = 1 / (1 + Math.Exp(text));
        Close(shares.ToArray(), [(float)share, (float)(1 - share), 1, 0, 0, 1], 1e-6f);
        Close(sum.ToArray(), [(float)((share * 2) - (1 - share)), (float)(share + ((1 - share) * 0.5)), 2, 1, -1, 0.5f], 1e-6f);
    }

    [Fact]
    public void A_norm_before_the_head_makes_it_blind_to_the_size_of_the_embedding()
    {
        TorchRuntime.Seed(1);
        using var normed = new TaskHead(8, 4, 3, 0, norm: true);
        using var plain = new TaskHead(8, 4, 3, 0);
        var embedding = Tensors.Normal([2, 8]);
        Close(normed.Forward(embedding * 2.0).ToArray(), normed.Forward(embedding).ToArray(), 1e-4f);
        plain
            .Forward(embedding * 2.0)
            .ToArray()
            .Zip(plain.Forward(embedding).ToArray())
            .Max(pair => Math.Abs(pair.First - pair.Second))
            .ShouldBeGreaterThan(1e-2f);
    }

    [Fact]
    public void The_contrastive_loss_by_hand()
    {
        using var loss = new ContrastiveLoss();
        Math.Exp(loss.LogitScale.ToDouble()).ShouldBe(1 / 0.07, 1e-4);
        SetScale(loss, 2);

        // Cosines: (1, 0.6), (0, 0.8).
        var (image, text) = (Tensors.From<float>([3, 0, 0, 0.5f], 2, 2), Tensors.From<float>([7, 0, 0.6f, 0.8f], 2, 2));
        Close(loss.Logits(image, text).ToArray(), [2, 1.2f, 0, 1.6f], 1e-6f);
        var expected = (Cross(2, 1.2) + Cross(1.6, 0) + Cross(2, 0) + Cross(1.6, 1.2)) / 4;
        loss.Forward(image, text).ToDouble().ShouldBe(expected, 1e-6);

        static double Cross(double right, double wrong) => Math.Log(1 + Math.Exp(wrong - right));
    }

    [Fact]
    public void The_temperature_is_held_at_one_hundredth()
    {
        using var loss = new ContrastiveLoss();
        SetScale(loss, 5000);
        var unit = Tensors.From<float>([1, 0], 1, 2);
        loss.Logits(unit, unit).ToDouble().ShouldBe(100, 1e-3);
        SetScale(loss, 99);
        loss.Logits(unit, unit).ToDouble().ShouldBe(99, 1e-3);
    }

    [Fact]
    public void Pre_training_uses_the_rows_that_have_both()
    {
        using var model = Evaluating(Micro);
        var batch = Products() with
        {
            ImagePresent = Tensors.From([true, false, true], Rows),
            TextPresent = Tensors.From([true, true, true], Rows),
        };
        var pairs = model.PretrainingLoss(batch).ToDouble();
        pairs.ShouldBe(model.PretrainingLoss(Products().Select(Tensors.From<long>([0, 2], 2))).ToDouble(), 1e-5);
        pairs.ShouldBeGreaterThan(0);

        // By its parts: cosines of the towers' outputs, times the starting scale.
        var none = model.PretrainingLoss(batch with { ImagePresent = zeros([Rows], dtype: ScalarType.Bool) });
        none.ToDouble().ShouldBe(0);
        none.backward();
        model
            .NamedParameters()
            .ShouldAllBe(parameter => ReferenceEquals(parameter.Value.grad, null) || parameter.Value.grad!.isfinite().all().ToBoolean());
    }
}
