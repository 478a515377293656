// The memory of a batch job.
using Duet.Data;
using Duet.Inference;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Inference;

[Collection(RandomNumbersCollection.Name)]
public sealed class TableMemoryTests
{
    [Fact]
    public void A_long_table_leaves_no_tensors_behind()
    {
        using var run = new SampleRun();
        run.WriteTable();
        using var model = DuetModel.Load(
            run.Run.Path,
            new ModelUseOptions
            {
                Threads = 1,
                BatchSize = 4,
                LoaderThreads = 1,
            }
        );
        var table = new TableSource(run.WriteTable(200, "long.csv"));
        new Predictor(model).Predict(table, run["p.csv"]);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        new Predictor(model).Predict(table, run["p.csv"]).Rows.ShouldBe(200);
        Tensor.TotalCount.ShouldBeLessThanOrEqualTo(before);
    }
}
