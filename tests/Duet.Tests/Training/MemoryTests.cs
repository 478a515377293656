// A training loop that keeps anything would run out of memory one day.
using System.Diagnostics;
using Duet.Data;
using Duet.Inference;
using Duet.Tests.Data;
using Duet.Torch;
using Duet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Training;

[Collection(TrainingCollection.Name)]
public sealed class MemoryTests : IDisposable
{
    private const int Products = 250;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Memory_is_flat_over_two_thousand_steps()
    {
        const long Allowed = 24 << 20;
        var files = SyntheticCatalog.Write(
            _folder.Path,
            new SyntheticOptions
            {
                Count = Products,
                ImageSize = 32,
                Validation = 0,
                Test = 0,
            }
        );
        var tensors = new List<long>();
        var resident = new List<long>();
        var recorder = new Recorder(step =>
        {
            if (tensors.Count == 0)
            {
                // Building the model left temporaries, which the collector frees when it likes.
                Collect();
            }

            tensors.Add(Tensor.TotalCount);
            if (step.Step % 250 == 0)
            {
                Collect();
                resident.Add(Resident());
            }
        });
        Collect();
        var before = Tensor.TotalCount;
        TrainingJob
            .Start(
                new()
                {
                    Options = TrainingCatalogue.Micro,
                    Data = TrainingCatalogue.Columns(files.Table) with { TrainFraction = 0.9, ValidationFraction = 0 },
                    Training = TrainingCatalogue.Recipe with
                    {
                        Epochs = 8,
                        BatchSize = 1,
                        LossBalancing = LossBalancing.Uncertainty,
                        TokenDropout = 0.1,
                    },
                },
                _folder["run"]
            )
            .Run(recorder)
            .Finished.ShouldBeTrue();
        recorder.Steps.Count.ShouldBe(8 * Products);
        tensors.Distinct().ShouldHaveSingleItem("the number of live tensors must be the same after every step");

        // The first two of eight samples are the warm-up.
        (resident.Skip(2).Max() - resident[1]).ShouldBeLessThan(
            Allowed,
            $"resident MiB: {string.Join(", ", resident.Select(bytes => bytes >> 20))}"
        );
        Collect();

        // TorchSharp counts a tensor that has become a parameter twice and takes that back once. The loss has one parameter.
        var left = Tensor.TotalCount - before;
        using var model = DuetModel.Load(_folder["run"]);
        left.ShouldBe(model.Model.parameters().Count() + 1, "a finished run leaves no tensor behind");
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
