// Figures in taxonomies on a case small enough to count by hand.
using Duet.Data;
using Duet.Metrics;
using Duet.Metrics.Hierarchy;
using Duet.Tests.Evaluation.Calibration;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Evaluation.Hierarchy;

public sealed class HierarchyTests
{
    // Two roots; the last class is an inner category.
    private static readonly string[] Paths = ["A > B > C", "A > B > D", "A > E", "F > G", "F"];
    private static readonly ClassTree Tree = new(Paths);

    [Fact]
    public void Figures_agree_with_counts_by_hand()
    {
        // Predicted C, D, E, G; true C, C, G, F. Common levels 3, 2, 0, 1; predicted 3 + 3 + 2 + 2 = 10, true 3 + 3 + 2 + 1 = 9.
        var task = Certain([0, 1, 2, 3], [0, 0, 3, 4]);
        var figures = HierarchicalFigures.Of(task, Tree);
        figures.Precision!.Value.ShouldBe(6 / 10.0, 1e-12);
        figures.Recall!.Value.ShouldBe(6 / 9.0, 1e-12);
        figures.F1!.Value.ShouldBe(12 / 19.0, 1e-12);
        figures.LevelAccuracy.ShouldBe([3 / 4.0, 2 / 3.0, 1 / 2.0]);
        figures.Consistency.ShouldBe(1);
    }

    [Fact]
    public void A_likeliest_class_under_an_unlikely_root_is_inconsistent()
    {
        // G is the most probable class, but A as a whole is likelier than F.
        var task = TaskPredictions.SingleLabel("t", Simulated.Names(5), [0.2f, 0.2f, 0.2f, 0.4f, 0], [0]);
        HierarchicalFigures.Of(task, Tree).Consistency.ShouldBe(0);
    }

    [Fact]
    public void Levels_below_the_end_of_the_predicted_path_do_not_count()
    {
        // F has .6 of the first level and is the most probable class; that A > B is the most probable of the second, under A, is not looked
        // at.
        var task = TaskPredictions.SingleLabel("t", Simulated.Names(5), [0.25f, 0, 0.15f, 0.2f, 0.4f], [4]);
        HierarchicalFigures.Of(task, Tree).Consistency.ShouldBe(1);

        // Of G's path the second level counts as well, and A > B has more there.
        var deeper = TaskPredictions.SingleLabel("t", Simulated.Names(5), [0.22f, 0.22f, 0, 0.3f, 0.26f], [4]);
        HierarchicalFigures.Of(deeper, Tree).Consistency.ShouldBe(0);
    }

    [Fact]
    public void No_labels_give_no_figures() => HierarchicalFigures.Of(Certain([0], [-1]), Tree).F1.ShouldBeNull();

    [Fact]
    public void Ancestors_are_never_less_probable() =>
        Prop.ForAll(
                Gen.Choose(0, 1_000_000).ToArbitrary(),
                seed =>
                {
                    var random = new Random(seed);
                    var tree = new ClassTree([
                        .. Enumerable
                            .Range(0, 12)
                            .Select(i => string.Join(" > ", Enumerable.Range(0, 1 + random.Next(4)).Select(_ => $"n{random.Next(3)}"))),
                    ]);
                    var row = Simulated.Distribution(random, 12);
                    var sums = tree.Sum(row);
                    return tree.Nodes.All(node => node.Parent < 0 || sums[node.Parent] >= sums[node.Index])
                        && Math.Abs(tree.Nodes.Where(node => node.Parent < 0).Sum(node => sums[node.Index]) - 1) < 1e-5
                        && Enumerable
                            .Range(0, 12)
                            .All(label =>
                                Falls(Backoff.Levels(tree, row, label)) && tree.CommonDepth(label, label) == tree.Path(label).Count
                            );
                }
            )
            .CheckSeeded(200);

    private static bool Falls(double[] levels) => levels.Zip(levels.Skip(1)).All(pair => pair.First >= pair.Second);

    private static TaskPredictions Certain(int[] predicted, int[] labels)
    {
        var probabilities = new float[predicted.Length * 5];
        for (var i = 0; i < predicted.Length; i++)
        {
            probabilities[(i * 5) + predicted[i]] = 1;
        }

        return TaskPredictions.SingleLabel("t", Simulated.Names(5), probabilities, labels);
    }
}
