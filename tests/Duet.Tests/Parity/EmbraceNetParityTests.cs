// EmbraceNet's docking and embracement against the published class.
using Duet.Models.Fusion;
using Duet.Models.Pretrained;
using Duet.Torch;

namespace Duet.Tests.Parity;

public sealed class EmbraceNetParityTests
{
    [SkippableTheory]
    [InlineData("embracenet")]
    [InlineData("embracenet-bypass")]
    public void Agrees_with_the_published_class(string kind) => ParityCase.ForEach(kind, Reproduce);

    private static void Reproduce(ParityCase fixture)
    {
        var config = fixture.Config;
        var widths = config.GetProperty("input_size_list").EnumerateArray().Select(width => width.GetInt64()).ToArray();
        var bypass = config.GetProperty("bypass_docking").GetBoolean();
        using var fusion = new EmbracementFusion(widths, config.GetProperty("embracement_size").GetInt64(), bypass);
        EmbraceNetNames.Published.Load(fusion, fixture.Weights, fixture.Folder.Name);

        var inputs = widths.Select((_, k) => fixture.Inputs[$"input_{k}"]).ToArray();
        var docked = fusion.Dock(inputs);
        for (var k = 0; k < docked.Count; k++)
        {
            fixture.Expected.Hidden($"docking_{k}", docked[k]);
        }

        foreach (var name in config.GetProperty("cases").EnumerateObject().Select(item => item.Name))
        {
            CompareCase(fixture, fusion, docked, name);
        }

        CompareGradients(fixture, fusion);
        CompareStatistics(fixture, fusion, inputs);
    }

    private static void CompareCase(ParityCase fixture, EmbracementFusion fusion, IReadOnlyList<Tensor> docked, string name)
    {
        var probabilities = Probabilities(fixture, name);
        fixture.Expected.Within($"{name}.probabilities", probabilities, 1e-6);

        // The published draw cannot be repeated; it must be one we could have made, and is then used instead of a draw of our own.
        var indices = fixture.Expected.Recorded[$"{name}.modality_indices"];
        probabilities.Gather(1, indices).Min(0).Min(0).Item().ShouldBeGreaterThan(0, $"{name}: a modality of probability 0 was drawn");
        fixture.Expected.Integers($"{name}.modality_indices", indices);

        var output = fusion.Sample(docked, probabilities, indices);
        fixture.Expected.Within($"{name}.output", output, 1e-5);
        if (name == "weighted_partial" && output.RequiresGrad)
        {
            (output * fixture.Inputs["probe"]).Sum().Backward();
        }
    }

    private static void CompareGradients(ParityCase fixture, EmbracementFusion fusion)
        => fixture.Expected.Gradients(ParityGradients.Published(fusion, EmbraceNetNames.Published, fixture.Weights));

    private static void CompareStatistics(ParityCase fixture, EmbracementFusion fusion, Tensor[] inputs)
    {
        const int draws = 20000;
        using var gradients = Gradients.Disabled();
        var (row, sample) = StatisticsSample(fixture, fusion, inputs);
        fixture.Expected.Within("stats.expected", row, 1e-6);
        var probabilities = row.Reshape(1, -1);
        var docked = Tensor.Stack(1, [.. fusion.Dock(sample)]);
        var expectation = Embracement.Expect(docked, probabilities).Reshape(-1);
        fixture.Expected.Hidden("stats.expected_mean_output", expectation);

        TorchRuntime.Seed(7);
        var drawn = Embracement.Draw(probabilities.Expand(draws, -1), fusion.Features);
        var frequency = drawn.OneHot(row.Size(0)).To(ScalarType.Float32).Mean(0).Mean(0);
        frequency.Reshape(-1).ToArray().Zip(row.ToArray()).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 0.005);
        fixture.Expected.Within("stats.frequency", frequency, 0.005);

        // Two means over as many draws each differ by a few of their deviations; six for the worst of all components.
        var mean = Embracement.Pick(docked.Expand(draws, -1, -1), drawn, probabilities.Expand(draws, -1)).Mean(0);
        var variance = ((docked.Squeeze(0) - expectation).Pow(2) * row.Unsqueeze(1)).Sum(0);
        fixture.Expected.Within("stats.mean_output", mean, 1e-6 + (6 * Math.Sqrt(2 * variance.Max().Item() / draws)));
    }

    // The sample whose probabilities and expectation were recorded: the fixture does not name it.
    private static (Tensor Row, Tensor[] Sample) StatisticsSample(ParityCase fixture, EmbracementFusion fusion, Tensor[] inputs)
    {
        var expected = fixture.Expected.Recorded["stats.expected"];
        var mean = fixture.Expected.Recorded["stats.expected_mean_output"];
        foreach (var name in fixture.Config.GetProperty("cases").EnumerateObject().Select(item => item.Name))
        {
            var probabilities = Probabilities(fixture, name);
            for (var sample = 0; sample < probabilities.Size(0); sample++)
            {
                var row = probabilities.Select(0, sample);
                var one = Array.ConvertAll(inputs, input => input.Narrow(0, sample, 1));
                if ((row - expected).Abs().Max().Item() < 1e-5
                    && (EmbracementFusion.Expect(fusion.Dock(one), row.Reshape(1, -1)).Reshape(-1) - mean).Abs().Max().Item() < 1e-3)
                {
                    return (row, one);
                }
            }
        }

        throw new InvalidOperationException("No sample has the probabilities and the expectation that were recorded under 'stats'.");
    }

    private static Tensor Probabilities(ParityCase fixture, string name)
    {
        var availabilities = fixture.Inputs["availabilities"];
        var withAvailabilities = name.Contains("partial", StringComparison.Ordinal);
        var withSelection = name.Contains("weighted", StringComparison.Ordinal);
        return Embracement.Probabilities(
            withAvailabilities ? availabilities : Tensor.Ones(availabilities.Shape),
            withSelection ? fixture.Inputs["selection_probabilities"] : null);
    }
}
