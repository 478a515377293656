// Differences between systems on the same rows.
using Duet.Metrics;
using Duet.Runs;
using Duet.Studies.Comparison;
using Duet.Tests.Data;

namespace Duet.Tests.Evaluation.Comparison;

public sealed class SystemDifferenceTests : IDisposable
{
    private const int Rows = 400;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_interval_covers_a_known_difference_and_narrows_where_systems_agree()
    {
        // The better system is right on every row the worse one is right on, and on every tenth row besides.
        var worse = Runs(row => row % 2 == 0);
        var better = Runs(row => row % 2 == 0 || row % 20 == 1);
        var difference = SystemDifference.Of(better, worse)!;
        difference.Difference.Estimate.ShouldBe(0.05, 1e-9);
        difference.Difference.Low.ShouldBeInRange(0.02, 0.05);
        difference.Difference.High.ShouldBeInRange(0.05, 0.08);
        difference.PValue.ShouldBeLessThan(0.01);

        var reverse = SystemDifference.Of(worse, better)!;
        reverse.Difference.Estimate.ShouldBe(-0.05, 1e-9);

        // As wrong as often, but on other rows: the same estimate, a much wider interval.
        var elsewhere = SystemDifference.Of(Runs(row => row < 220), worse)!;
        elsewhere.Difference.Estimate.ShouldBe(0.05, 1e-9);
        (elsewhere.Difference.High - elsewhere.Difference.Low).ShouldBeGreaterThan(
            2 * (difference.Difference.High - difference.Difference.Low)
        );
    }

    [Fact]
    public void Other_rows_or_other_seeds_have_no_difference()
    {
        var one = Runs(_ => true);
        SystemDifference
            .Of(one, one.ToDictionary(run => run.Key, run => run.Value with { Ids = [.. run.Value.Ids.Reverse()] }))
            .ShouldBeNull();
        SystemDifference.Of(one, one.ToDictionary(run => run.Key + 10, run => run.Value)).ShouldBeNull();
    }

    [Fact]
    public void Outcomes_sum_up_to_accuracy_and_to_micro_f1()
    {
        var single = TaskPredictions.SingleLabel(
            "color",
            ["red", "blue"],
            [0.9f, 0.1f, 0.2f, 0.8f, 0.6f, 0.4f],
            [0, 0, TaskPredictions.Missing]
        );
        var outcomes = TaskOutcomes.Of(single);
        outcomes.Right.ShouldBe([1, 0, 0]);
        outcomes.Total.ShouldBe([1, 1, 0]);

        var multi = TaskPredictions.MultiHot("tags", ["new", "sale"], [0.9f, 0.6f, 0.1f, 0.7f], [1, 0, 1, 1]);
        var sums = TaskOutcomes.Of(multi);
        ((double)sums.Right.Sum() / sums.Total.Sum()).ShouldBe(MultiLabelMetrics.Micro(multi, 0.5f).F1, 1e-9);
    }

    [Fact]
    public void A_file_of_outcomes_comes_back_and_a_damaged_one_is_named()
    {
        var run = Runs(row => row % 3 == 0)[1];
        run.Save(_folder.Path);
        var loaded = RunOutcomes.Load(_folder.Path)!;
        loaded.Ids.ShouldBe(run.Ids);
        loaded.Tasks["color"].Right.ShouldBe(run.Tasks["color"].Right);

        File.WriteAllText(_folder["outcomes.json"], """{"ids":["1","2"],"tasks":{"color":{"right":[1],"total":[1]}}}""");
        Should.Throw<RunException>(() => RunOutcomes.Load(_folder.Path)).Message.ShouldContain("outcomes.json");
    }

    private static Dictionary<ulong, RunOutcomes> Runs(Func<int, bool> right) =>
        new ulong[] { 1, 2 }.ToDictionary(
            seed => seed,
            _ => new RunOutcomes
            {
                Ids = [.. Enumerable.Range(0, Rows).Select(row => $"{row}")],
                Tasks = new Dictionary<string, TaskOutcomes>
                {
                    ["color"] = new([.. Enumerable.Range(0, Rows).Select(row => right(row) ? 1 : 0)], [.. Enumerable.Repeat(1, Rows)]),
                },
            }
        );
}
