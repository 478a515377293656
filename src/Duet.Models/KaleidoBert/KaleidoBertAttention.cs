// How attention flows through Kaleido-BERT.
using Duet.Models.Attention;

namespace Duet.Models;

/// <summary>Words and then the patches of all levels in one sequence, of which the finest level is a grid of its own; every task is read at
/// the first position.</summary>
internal static class KaleidoBertAttention
{
    internal static void Describe(RecordedPass pass, AttentionFlow flow, KaleidoNetwork network)
    {
        var (length, finest) = ((int)pass.Batch.TokenIds.size(1), network.Count(KaleidoLevel.Blank));
        var joint = new AttentionSpace("joint", length + network.PatchCount)
        {
            TextCount = length,
            PatchStart = length + network.PatchCount - finest,
            PatchRows = KaleidoPatches.Levels,
            PatchColumns = KaleidoPatches.Levels,
        };
        flow.ReadFirst(joint, pass.Attention("network.bert.encoder"), pass.Batch);
    }
}
