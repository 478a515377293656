// The random choices of EmbraceNet: probabilities, gaps, dropout of modalities.
using Duet.Models;
using Duet.Models.Fusion;
using Duet.Torch;
using Duet.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Models;

[Collection(RandomNumbersCollection.Name)]
public sealed class EmbracementTests
{
    [Fact]
    public void Selection_counts_only_where_a_modality_is_available()
    {
        using var scope = NewDisposeScope();
        var available = Tensors.From([1f, 1f, 1f, 0f, 0f, 1f], 3, 2);
        var probabilities = Embracement.Probabilities(available, Tensors.From([0.3f, 0.1f], 2));
        probabilities.ToArray().ShouldBe([0.75f, 0.25f, 1, 0, 0, 1], 1e-6);
    }

    [Fact]
    public void Available_modalities_of_probability_zero_are_drawn_evenly()
    {
        using var scope = NewDisposeScope();
        var available = Tensors.From([1f, 1f, 0f, 0f, 0f, 1f], 2, 3);
        Embracement.Probabilities(available, Tensors.From([0f, 0f, 1f], 3)).ToArray().ShouldBe([0.5f, 0.5f, 0, 0, 0, 1], 1e-6);
    }

    [Fact]
    public void Without_any_modality_the_joint_vector_is_zero_and_gradients_are_finite()
    {
        using var scope = NewDisposeScope();
        using var fusion = new EmbracementFusion([3, 5], features: 8);
        var inputs = new[] { Tensors.Normal([2, 3]), Tensors.Normal([2, 5]) };
        var probabilities = Embracement.Probabilities(Tensors.From([0f, 0f, 1f, 1f], 2, 2));
        foreach (
            var joint in new[]
            {
                fusion.Sample(fusion.Dock(inputs), probabilities),
                EmbracementFusion.Expect(fusion.Dock(inputs), probabilities),
            }
        )
        {
            joint.select(0, 0).ToArray().ShouldAllBe(value => value == 0);
            joint.sum().backward();
        }

        fusion.NamedParameters().ShouldAllBe(parameter => parameter.Value.grad!.isfinite().all().ToBoolean());
    }

    [Fact]
    public void What_an_absent_modality_holds_does_not_matter_even_where_it_is_no_number()
    {
        using var scope = NewDisposeScope();
        var docked = Tensors.From([1f, 2f, float.NaN, float.PositiveInfinity], 1, 2, 2);
        var probabilities = Embracement.Probabilities(Tensors.From([1f, 0f], 1, 2));
        Embracement.Expect(docked, probabilities).ToArray().ShouldBe([1f, 2f]);
        Embracement.Pick(docked, Embracement.Draw(probabilities, 2), probabilities).ToArray().ShouldBe([1f, 2f]);
    }

    [Fact]
    public void Dropped_batches_keep_one_available_modality_of_every_product()
    {
        using var scope = NewDisposeScope();
        TorchRuntime.Seed(5);
        var available = Tensors.From([1f, 1f, 1f, 0f, 0f, 0f], 3, 2).repeat_interleave(500, 0);
        var kept = Embracement.DropModalities(available, probability: 1);
        kept.sum(1).ToArray().ShouldBe([.. Enumerable.Repeat(1f, 1000), .. Enumerable.Repeat(0f, 500)]);
        kept.narrow(0, 500, 500).ShouldSatisfyAllConditions(rows => rows.select(1, 1).sum().ToDouble().ShouldBe(0));
        kept.narrow(0, 0, 500).mean([0]).ToArray().ShouldAllBe(share => Math.Abs(share - 0.5) < 0.1);
    }

    [Fact]
    public void Half_of_the_batches_are_dropped_with_probability_one_half()
    {
        using var scope = NewDisposeScope();
        TorchRuntime.Seed(6);
        var both = ones([4, 2]);
        var dropped = Enumerable.Range(0, 400).Count(_ => Embracement.DropModalities(both, 0.5).sum().ToDouble() < 8);
        dropped.ShouldBeInRange(150, 250);
        Embracement.DropModalities(both, 0).sum().ToDouble().ShouldBe(8);
    }

    // glami/glami-1m: 32 tokens of 512 channels flattened, ResNeXt-50 32x4d, 512 joint features, a linear classifier; pictures in [0, 1],
    // not cropped.
    [Fact]
    public void The_glami_preset_is_the_published_arrangement()
    {
        var options = (EmbraceNetOptions)ModelRegistry.Find("embracenet").Preset("glami-1m");
        options.Validate();
        (options.TextEncoder, options.TextPooling, options.ContextLength * options.T5.Width, options.FreezeText).ShouldBe(
            (EmbraceTextEncoder.T5, EmbraceTextPooling.Flatten, 16_384, true)
        );
        (options.Image.Groups, options.Image.GroupWidth).ShouldBe((32, 4));
        options.Image.Blocks.ShouldBe([3, 4, 6, 3]);
        (options.EmbracementSize, options.HeadWidth, options.ModalityDropout).ShouldBe((512, 0, 0));
        options.PixelMean.ShouldBe([0, 0, 0]);
        options.PixelDeviation.ShouldBe([1, 1, 1]);
        (options.Preprocessing.Resize, options.Preprocessing.Interpolation).ShouldBe((ResizeMode.Squash, Interpolation.Bilinear));
    }

    [Fact]
    public void Without_docking_every_modality_needs_the_joint_width() =>
        Should
            .Throw<ArgumentException>(() => new EmbracementFusion([4, 5], features: 4, bypassDocking: true))
            .Message.ShouldContain("4, 5");
}
