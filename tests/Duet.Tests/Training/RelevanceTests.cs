// Modality-wise attention against the truth: in the built-in catalogue it is known where the signal of every answer is.
using Duet.Data;
using Duet.Inference;
using Duet.Runs;
using Xunit.Abstractions;

namespace Duet.Tests.Training;

[Collection(TrainingCollection.Name)]
public sealed class RelevanceTests(RelevanceRuns runs, ITestOutputHelper output)
{
    [Fact]
    public void Tasks_are_weighed_by_the_input_that_carries_them()
    {
        var (truth, shares) = Ask(runs.Fused);
        truth.Count.ShouldBe(shares["pattern"].Length);
        shares["pattern"].Average().ShouldBeGreaterThan(0.4);
        foreach (var text in (string[])["material", "gender"])
        {
            shares[text].Average().ShouldBeLessThan(0.1);
            (shares["pattern"].Average() - shares[text].Average()).ShouldBeGreaterThan(0.3, text);
        }
    }

    // With each task's own tokens the shares follow the product even where sequence-wise attention has mixed both inputs
    // (docs/decisions/007, 010).
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Single_products_are_weighed_by_the_input_that_carries_them(bool sequenceWiseAttention)
    {
        var (truth, shares) = Ask(sequenceWiseAttention ? runs.Fused : runs.Apart);
        var known = truth
            .Select(product =>
                product.Relevance.Single(relevance => relevance.Task == "color").Modality switch
                {
                    RelevantModality.Image => 1.0,
                    RelevantModality.Text => 0,
                    _ => 0.5,
                }
            )
            .ToArray();
        output.WriteLine($"rank correlation {RankCorrelation(known, shares["color"]):0.00}");
        RankCorrelation(known, shares["color"]).ShouldBeGreaterThan(0.7);
        (Mean(1) - Mean(0)).ShouldBeGreaterThan(0.25);

        double Mean(double group) => shares["color"].Where((_, i) => known[i] == group).Average();
    }

    [Fact]
    public void Rank_correlation_is_right()
    {
        RankCorrelation([1, 2, 3], [10, 20, 21]).ShouldBe(1, 1e-12);
        RankCorrelation([1, 2, 3], [3, 2, 1]).ShouldBe(-1, 1e-12);

        // By hand: ranks 1.5, 1.5, 3, 4 against 1, 2, 4, 3.
        RankCorrelation([5, 5, 6, 7], [1, 2, 9, 8]).ShouldBe(3.5 / Math.Sqrt(4.5 * 5), 1e-12);
    }

    // A trained model's picture shares per task on the test split, beside the truth about it.
    private (IReadOnlyList<SyntheticProduct> Truth, Dictionary<string, double[]> Shares) Ask(RunFolder run)
    {
        using var model = DuetModel.Load(run.Path, new ModelUseOptions { Threads = 1 });
        var answers = model.ClassifyMany([.. runs.Test.Select(product => ProductInput.Of(runs.Picture(product), product.Title))]);
        var shares = model.Schema.Tasks.ToDictionary(
            task => task.Name,
            task => answers.Select(answer => answer[task.Name].ImageShare!.Value).ToArray(),
            StringComparer.Ordinal
        );
        foreach (var task in shares)
        {
            var right = answers.Zip(runs.Test, (answer, product) => answer[task.Key].Label == product.Truth[task.Key] ? 1.0 : 0).Average();
            output.WriteLine($"{task.Key}: accuracy {right:0.00}, picture share {task.Value.Average():0.00}");
        }

        return (runs.Test, shares);
    }

    // Spearman's, with mean ranks for ties.
    private static double RankCorrelation(double[] first, double[] second)
    {
        var (a, b) = (Ranks(first), Ranks(second));
        var (meanA, meanB) = (a.Average(), b.Average());
        var covariance = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return covariance / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
    }

    private static double[] Ranks(double[] values) =>
        [.. values.Select(value => values.Count(other => other < value) + ((values.Count(other => other == value) + 1) / 2.0))];
}
