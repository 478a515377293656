// VisualBERT's network: words and image regions through one BERT.
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>VisualBERT (Li et al., arXiv 1908.03557): one BERT over words followed by image regions.</summary>
public sealed class VisualBertNetwork : Module
{
    private readonly VisualEmbeddings _visual;

    /// <summary>Creates the network; the visual tables start as copies of the text's.</summary>
    /// <param name="options">The encoder's shape.</param>
    /// <param name="featureWidth">Numbers F per region feature.</param>
    public VisualBertNetwork(BertOptions options, int featureWidth)
    {
        Bert = Add("bert", new BertEncoder(options));
        _visual = Add("visual", new VisualEmbeddings(Bert.Embeddings, options, featureWidth));
        _visual.CopyTextTables();
    }

    /// <summary>The joint encoder.</summary>
    public BertEncoder Bert { get; }

    /// <summary>The encoder's input, <c>[B, L + R, D]</c>; parameters as in <see cref="VisualEmbeddings.Forward"/>.</summary>
    public Tensor Embed(Tensor tokens, Tensor? segments, Tensor regions, Tensor? regionSegments = null, Tensor? alignment = null) =>
        _visual.Forward(tokens, segments, regions, regionSegments, alignment);

    /// <summary>Reads words and regions.</summary>
    /// <param name="embeddings">The input, <c>[B, L + R, D]</c>: <see cref="Embed"/>.</param>
    /// <param name="wordsVisible">1 where a word may be attended to, <c>[B, L]</c>.</param>
    /// <param name="regionsVisible">1 where a region may be attended to, <c>[B, R]</c>.</param>
    public BertOutput Encode(Tensor embeddings, Tensor wordsVisible, Tensor regionsVisible) =>
        Bert.Encode(embeddings, cat([wordsVisible, regionsVisible], 1));
}
