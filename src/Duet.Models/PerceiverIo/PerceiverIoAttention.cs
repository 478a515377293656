// How attention flows through Perceiver IO.
using Duet.Models.Attention;

namespace Duet.Models;

/// <summary>The latents look at the joint input, then at one another; each task has a query of its own that looks at the latents.</summary>
internal static class PerceiverIoAttention
{
    internal static void Describe(RecordedPass pass, AttentionFlow flow, (long Rows, long Columns) grid, int tasks)
    {
        var (cells, length) = (grid.Rows * grid.Columns, pass.Batch.TokenIds.size(1));
        var asked = pass.Attention("decoder")[0];
        var input = new AttentionSpace("input", cells + length)
        {
            PatchRows = (int)grid.Rows,
            PatchColumns = (int)grid.Columns,
            TextStart = (int)cells,
            TextCount = (int)length,
        };
        var latents = new AttentionSpace("latents", asked.size(3));
        var answers = new AttentionSpace("answers", tasks);
        var layer = 0;
        foreach (var (path, weights) in pass.Recorded.Reports("attention", "encoder"))
        {
            var reads = path.StartsWith("encoder.read.", StringComparison.Ordinal);
            flow.Add(new AttentionStep(latents, reads ? input : latents, weights) { Layer = layer++ });
        }

        flow.Add(new AttentionStep(answers, latents, asked) { Residual = false });
        for (var task = 0; task < tasks; task++)
        {
            flow.Read(AttentionReadOut.At(answers, pass.Batch.Size, task, pass.Batch.Pixels.device, task));
        }
    }
}
