// Scores how well words fit image regions.
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Heads;

/// <summary>
/// VisualBERT's Flickr30K head: scaled scores of one attention head between entity words and regions, without softmax
/// (uclanlp/visualbert, modeling.py). Its width is that of one of the encoder's heads.
/// </summary>
public sealed class RegionGrounding : Module
{
    private readonly Linear _query;
    private readonly Linear _key;
    private readonly double _scale;

    /// <summary>Creates the head for a BERT of the given shape.</summary>
    public RegionGrounding(BertOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var width = options.Width / options.Heads;
        _scale = 1 / Math.Sqrt(width);
        _query = Add("query", new Linear(options.Width, width));
        _key = Add("key", new Linear(options.Width, width));
    }

    /// <summary>Region scores per word, <c>[B, E, R]</c>; hidden regions get -10000 added.</summary>
    /// <param name="words">States of the words, <c>[B, E, D]</c>.</param>
    /// <param name="regions">States of the regions, <c>[B, R, D]</c>.</param>
    /// <param name="regionsVisible">1 where a region is, <c>[B, R]</c>.</param>
    public Tensor Forward(Tensor words, Tensor regions, Tensor regionsVisible) =>
        (_query.Forward(words).matmul(_key.Forward(regions).transpose(1, 2)).Times(_scale)).Plus(
            BertEncoder.AdditiveMask(regionsVisible).squeeze(1)
        );
}
