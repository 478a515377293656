// Left-out inputs: as often as asked for, never both, the same for the same seed, epoch and row.
using Duet.Data;
using Duet.Models;
using Duet.Training;

namespace Duet.Tests.Training;

public sealed class InputDropoutTests
{
    private const int Rows = 4000;
    private const int Length = 10;
    private static readonly TrainingOptions Recipe = new()
    {
        ImageDropout = 0.2,
        TextDropout = 0.3,
        Seed = 11,
    };

    [Fact]
    public void Rates_are_as_asked_and_no_product_loses_both()
    {
        var batch = Apply(Recipe, 0);
        batch.ImagePresent.Average(present => present ? 0.0 : 1).ShouldBe(0.2, 0.03);
        batch.TextPresent.Average(present => present ? 0.0 : 1).ShouldBe(0.3, 0.03);
        batch.ImagePresent.Zip(batch.TextPresent).ShouldAllBe(pair => pair.First || pair.Second);
    }

    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(0, 0)]
    public void The_limits_hold(double image, double text)
    {
        var batch = Apply(Recipe with { ImageDropout = image, TextDropout = text }, 0);
        batch.ImagePresent.Average(present => present ? 0.0 : 1).ShouldBe(image, 0.03);
        batch.ImagePresent.Zip(batch.TextPresent).Count(pair => pair is { First: true, Second: true }).ShouldBe(image > 0 ? 0 : Rows);
    }

    [Fact]
    public void What_a_product_lacks_is_not_taken_from_its_other_half()
    {
        var batch = Batch();
        Array.Fill(batch.ImagePresent, false, 0, Rows / 2);
        Array.Fill(batch.TextPresent, false, Rows / 2, Rows / 2);
        new InputDropout(Recipe with { ImageDropout = 0.5, TextDropout = 0.5 }, InputModalities.Both).Apply(batch, 0);
        batch.TextPresent.Take(Rows / 2).ShouldAllBe(present => present);
        batch.ImagePresent.Skip(Rows / 2).ShouldAllBe(present => present);
    }

    [Theory]
    [InlineData(InputModalities.Image)]
    [InlineData(InputModalities.Text)]
    public void A_model_that_looks_at_one_input_keeps_it(InputModalities modalities)
    {
        var batch = Batch();
        new InputDropout(Recipe with { ImageDropout = 0.5, TextDropout = 0.5 }, modalities).Apply(batch, 0);
        batch.ImagePresent.Concat(batch.TextPresent).ShouldAllBe(present => present);
    }

    [Fact]
    public void Seed_epoch_and_row_decide_alone()
    {
        var first = Apply(Recipe, 3);
        Apply(Recipe, 3).ImagePresent.ShouldBe(first.ImagePresent);
        Apply(Recipe, 3).TextPresent.ShouldBe(first.TextPresent);
        Apply(Recipe, 4).ImagePresent.ShouldNotBe(first.ImagePresent);
        Apply(Recipe with { Seed = 12 }, 3).ImagePresent.ShouldNotBe(first.ImagePresent);

        // The same rows in another batch.
        var reversed = Batch(reversed: true);
        new InputDropout(Recipe, InputModalities.Both).Apply(reversed, 3);
        reversed.ImagePresent.Reverse().ShouldBe(first.ImagePresent);
    }

    private static ProductBatch Apply(TrainingOptions recipe, int epoch)
    {
        var batch = Batch();
        new InputDropout(recipe, InputModalities.Both).Apply(batch, epoch);
        return batch;
    }

    private static ProductBatch Batch(bool reversed = false)
    {
        var rows = Enumerable.Range(1, Rows).Select(row => (long)row);
        int[] tokens = [.. Enumerable.Range(100, Length)];
        var products = (reversed ? rows.Reverse() : rows).Select(row => new EncodedProduct(new Product(row, "p", [], "text", []), tokens));
        return ProductBatch.Of(
            [.. products],
            PreparedPictures.None(Rows, size: 0) with
            {
                Present = [.. Enumerable.Repeat(true, Rows)],
            },
            new BatchLayout(ContextLength: null, PaddingId: 0, Tasks: [])
        );
    }
}
