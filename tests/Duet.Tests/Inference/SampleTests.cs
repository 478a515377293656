// The code of samples/ and the README, run.
using Duet.Samples.Classify;

namespace Duet.Tests.Inference;

public sealed class SampleTests
{
    [Fact]
    public void One_product()
    {
        using var run = new SampleRun();
        run.WriteTable();
        using var output = new StringWriter();
        OneProduct.Show(run.Run.Path, run["0.jpg"], "a red shoe", output);
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(3);
        lines[0].ShouldMatch(@"^category: (bag|shirt|shoe) \(\d+\.\d %\), \d+ % by the picture, \d+ % by the text");
    }
}
