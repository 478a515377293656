// How attention flows through CLIP.
using Duet.Models.Attention;
using Duet.Models.Encoders;

namespace Duet.Models;

/// <summary>Two sequences that never look at each other; every task is read from the two embeddings, as each tower makes its own.</summary>
internal static class ClipAttention
{
    internal static void Describe(RecordedPass pass, AttentionFlow flow, PictureTower image, TextTower text)
    {
        flow.Read(image.DescribeEmbedding(pass, flow, "visual"));
        flow.Read(text.DescribeEmbedding(pass, flow, "text"));
    }
}
