// The shape of a T5 encoder.
using Duet.Torch;

namespace Duet.Models.Encoders;

/// <summary>
/// The shape of T5's encoder (Raffel et al., arXiv 1910.10683) in version 1.1, which is also mT5's (Xue et al., arXiv 2010.11934). Defaults
/// are those of mT5-small. The vocabulary is the tokenizer's and not an option.
/// </summary>
public sealed record T5Options : TextTowerOptions
{
    /// <summary>Width D of the tokens.</summary>
    public int Width { get; init; } = 512;

    /// <summary>The number of blocks.</summary>
    public int Layers { get; init; } = 8;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 6;

    /// <summary>Width of each head; heads times this need not be the tokens' width.</summary>
    public int HeadWidth { get; init; } = 64;

    /// <summary>Width of each block's hidden layer.</summary>
    public int MlpWidth { get; init; } = 1024;

    /// <summary>Whether the hidden layer is multiplied by a second, linear one (version 1.1, mT5: Shazeer, arXiv 2002.05202).</summary>
    public bool Gated { get; init; } = true;

    /// <summary>The activation of the hidden layer: the tanh form of GELU in version 1.1, ReLU without a gate in version 1.0.</summary>
    public Activation Activation { get; init; } = Activation.GeluTanh;

    /// <summary>Buckets of distances between tokens, half of them for tokens behind; a multiple of 4.</summary>
    public int Buckets { get; init; } = 32;

    /// <summary>From which distance on all tokens are equally far.</summary>
    public int MaximumDistance { get; init; } = 128;

    /// <summary>Epsilon of the norms.</summary>
    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>Dropout of embeddings, attention weights, hidden layers and sub-layer results.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>2 layers of width 32 without dropout: for tests.</summary>
    internal static T5Options Tiny { get; } =
        new()
        {
            Width = 32,
            Layers = 2,
            Heads = 2,
            HeadWidth = 16,
            MlpWidth = 64,
            Buckets = 8,
            MaximumDistance = 16,
            Dropout = 0,
        };

    /// <inheritdoc/>
    internal override int Depth => Layers;

    /// <inheritdoc/>
    internal override int SequenceWidth => Width;

    /// <inheritdoc/>
    internal override bool ReadsStartToken => false;

    /// <inheritdoc/>
    internal override void Check(int contextLength) => Validate();

    /// <inheritdoc/>
    internal override TextTower Build(TowerSurroundings surroundings) =>
        new T5TextTower(new T5Encoder(this, surroundings.Context.VocabularySize), surroundings.Context);

    /// <summary>Checks every setting.</summary>
    /// <exception cref="OptionException">One is outside its range; the message names it.</exception>
    public void Validate()
    {
        OptionException.Require("t5.width", Width, 1, 65_536, "wider models do not exist");
        OptionException.Require("t5.layers", Layers, 1, 256, "deeper models do not exist");
        OptionException.Require("t5.heads", Heads, 1, 1024, "attention needs a head");
        OptionException.Require("t5.head_width", HeadWidth, 1, 65_536, "64 or 128 is usual");
        OptionException.Require("t5.mlp_width", MlpWidth, 1, 262_144, "two to four times the width is usual");
        OptionException.Require("t5.buckets", Buckets, 4, 65_536, "half of them are for tokens behind, and half of those for single steps");
        OptionException.Require(Buckets % 4 == 0, $"t5.buckets is {Buckets}; it must be a multiple of 4.");
        OptionException.Require(
            "t5.maximum_distance",
            MaximumDistance,
            (Buckets / 4) + 1,
            1_000_000,
            "it must be beyond the distances that have a bucket each, a quarter of t5.buckets"
        );
        OptionException.Require("t5.norm_epsilon", NormEpsilon, 1e-15, 0.1, "it only keeps norms above zero");
        OptionException.Require("t5.dropout", Dropout, 0, 0.9, "more leaves nothing to learn from");
        OptionException.Require(
            Enum.IsDefined(Activation),
            $"t5.activation {Activation} is unknown; there are {string.Join(", ", Enum.GetNames<Activation>())}."
        );
    }
}
