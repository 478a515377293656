// EmbraceNet's docking and embracement against the published class.
using Duet.Models;
using Duet.Models.Fusion;
using Duet.Models.Pretrained;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

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
        probabilities
            .gather(1, indices)
            .amin([0])
            .amin([0])
            .ToDouble()
            .ShouldBeGreaterThan(0, $"{name}: a modality of probability 0 was drawn");
        fixture.Expected.Integers($"{name}.modality_indices", indices);

        var output = fusion.Sample(docked, probabilities, indices);
        fixture.Expected.Within($"{name}.output", output, 1e-5);
        if (name == "weighted_partial" && output.requires_grad)
        {
            (output * fixture.Inputs["probe"]).sum().backward();
        }
    }

    private static void CompareGradients(ParityCase fixture, EmbracementFusion fusion) =>
        fixture.Expected.Gradients(ParityGradients.Published(fusion, EmbraceNetNames.Published, fixture.Weights));

    private static void CompareStatistics(ParityCase fixture, EmbracementFusion fusion, Tensor[] inputs)
    {
        const int draws = 20000;
        using var gradients = no_grad();
        var (row, sample) = StatisticsSample(fixture, fusion, inputs);
        fixture.Expected.Within("stats.expected", row, 1e-6);
        var probabilities = row.reshape(1, -1);
        var docked = stack([.. fusion.Dock(sample)], 1);
        var expectation = Embracement.Expect(docked, probabilities).reshape(-1);
        fixture.Expected.Hidden("stats.expected_mean_output", expectation);

        TorchRuntime.Seed(7);
        var drawn = Embracement.Draw(probabilities.expand(draws, -1), fusion.Features);
        var frequency = nn.functional.one_hot(drawn, row.size(0)).to(ScalarType.Float32).mean([0]).mean([0]);
        frequency.reshape(-1).ToArray().Zip(row.ToArray()).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 0.005);
        fixture.Expected.Within("stats.frequency", frequency, 0.005);

        // Two means over as many draws each differ by a few of their deviations; six for the worst of all components.
        var mean = Embracement.Pick(docked.expand(draws, -1, -1), drawn, probabilities.expand(draws, -1)).mean([0]);
        var variance = ((docked.squeeze(0) - expectation).pow(2) * row.unsqueeze(1)).sum([0]);
        fixture.Expected.Within("stats.mean_output", mean, 1e-6 + (6 * Math.Sqrt(2 * variance.max().ToDouble() / draws)));
    }

    // The sample whose probabilities and expectation were recorded: the fixture does not name it.
    private static (Tensor Row, Tensor[] Sample) StatisticsSample(ParityCase fixture, EmbracementFusion fusion, Tensor[] inputs)
    {
        var expected = fixture.Expected.Recorded["stats.expected"];
        var mean = fixture.Expected.Recorded["stats.expected_mean_output"];
        foreach (var name in fixture.Config.GetProperty("cases").EnumerateObject().Select(item => item.Name))
        {
            var probabilities = Probabilities(fixture, name);
            for (var sample = 0; sample < probabilities.size(0); sample++)
            {
                var row = probabilities.select(0, sample);
                var one = Array.ConvertAll(inputs, input => input.narrow(0, sample, 1));
                if (
                    (row - expected).abs().max().ToDouble() < 1e-5
                    && (EmbracementFusion.Expect(fusion.Dock(one), row.reshape(1, -1)).reshape(-1) - mean).abs().max().ToDouble() < 1e-3
                )
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
            withAvailabilities ? availabilities : ones(availabilities.shape),
            withSelection ? fixture.Inputs["selection_probabilities"] : null
        );
    }
}
