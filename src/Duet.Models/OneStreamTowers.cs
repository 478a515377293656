// Which published weights the systems with one stream of words and picture parts start from.
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>The towers of MMBT, VisualBERT, ImageBERT and Kaleido-BERT: a BERT and a residual network.</summary>
internal static class OneStreamTowers
{
    /// <summary>The towers of one of them.</summary>
    /// <param name="image">Where its residual network is.</param>
    /// <param name="stage">What is left of the network after its towers: only a run of the same system has it, for pre-training in
    /// stages.</param>
    internal static SystemTowers Of<TOptions>(string image, params TowerSlot[] stage)
        where TOptions : OneStreamOptions =>
        SystemTowers.Of<TOptions>(
            [new(TowerKind.Bert, "network.bert."), new(TowerKind.ResNet, image), .. stage],
            options => new() { Bert = options.Text.AsEncoder(), ResNet = options.Image },
            (options, towers) => WithTwoSegments(BertTowers.Configure(options, towers)) with { Image = towers.ResNet ?? options.Image }
        );

    // Picture and words lie in a segment each; RoBERTa's only one is widened when the weights are read.
    private static TOptions WithTwoSegments<TOptions>(TOptions options)
        where TOptions : OneStreamOptions => options with { Text = options.Text with { Segments = Math.Max(options.Text.Segments, 2) } };
}
