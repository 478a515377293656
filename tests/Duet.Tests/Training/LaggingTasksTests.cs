// What is said about tasks that a run ended too early for.
using Duet.Training;

namespace Duet.Tests.Training;

public sealed class LaggingTasksTests
{
    private static readonly Dictionary<string, (int, double?)> Baselines = new(StringComparer.Ordinal)
    {
        ["category"] = (1000, 0.2),
        ["color"] = (1000, 0.5),
        ["tags"] = (1000, null),
    };

    [Fact]
    public void A_task_that_still_rises_steeply_is_named_with_its_scores()
    {
        var epochs = Epochs([.15, .2, .27, .33, .394], [.7, .8, .85, .86, .861]);
        var note = LaggingTasks.Describe(epochs, kept: 5, stopped: false, Baselines).ShouldHaveSingleItem();
        note.ShouldContain("over the last 2 epochs: category (from 0.270 to 0.394)");
        note.ShouldNotContain("color");
        LaggingTasks.Describe(epochs, kept: 5, stopped: true, Baselines).ShouldBeEmpty();
    }

    [Fact]
    public void A_rise_within_chance_and_one_epoch_alone_are_not_told()
    {
        var few = Baselines.ToDictionary(task => task.Key, task => (Rows: 20, MostFrequent: (double?)null));
        LaggingTasks.Describe(Epochs([.3, .35, .4, .45], [.5, .5, .5, .5]), kept: 4, stopped: false, few).ShouldBeEmpty();
        LaggingTasks.Describe(Epochs([.3], [.6]), kept: 1, stopped: false, Baselines).ShouldBeEmpty();
        LaggingTasks.Describe([], kept: 0, stopped: false, Baselines).ShouldBeEmpty();
    }

    [Fact]
    public void A_task_below_its_most_frequent_class_is_named()
    {
        var note = LaggingTasks.Describe(Epochs([.6, .6], [.41, .45]), kept: 1, stopped: true, Baselines).ShouldHaveSingleItem();
        note.ShouldContain("color (0.410, the most frequent class alone 0.500)");
        note.ShouldNotContain("category");
    }

    private static EpochReport[] Epochs(double[] category, double[] color) =>
        [
            .. category
                .Zip(color)
                .Select(
                    (scores, i) =>
                        new EpochReport
                        {
                            Stage = TrainingStage.Training,
                            Epoch = i + 1,
                            Epochs = category.Length,
                            Step = i,
                            Loss = 1,
                            Scores = new Dictionary<string, double>(StringComparer.Ordinal)
                            {
                                ["category"] = scores.First,
                                ["color"] = scores.Second,
                                ["tags"] = 0.01,
                            },
                            SamplesPerSecond = 1,
                            Seconds = 1,
                        }
                ),
        ];
}
