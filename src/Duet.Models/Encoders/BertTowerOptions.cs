// The settings of a system's BERT.
using Duet.Torch;

namespace Duet.Models.Encoders;

/// <summary>The shape of the BERT inside a system. Defaults are those of BERT-base (Devlin et al., arXiv 1810.04805).</summary>
public sealed record BertTowerOptions : TextTowerOptions
{
    /// <summary>Width of the tokens.</summary>
    public int Width { get; init; } = 768;

    /// <summary>The number of blocks.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Width of each block's hidden layer.</summary>
    public int MlpWidth { get; init; } = 3072;

    /// <summary>Rows of the position table: the longest text.</summary>
    public int Positions { get; init; } = 512;

    /// <summary>Rows of the segment (token type) table; MMBT needs two.</summary>
    public int Segments { get; init; } = 2;

    /// <summary>The activation of the blocks.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Epsilon of the layer norms.</summary>
    public double NormEpsilon { get; init; } = 1e-12;

    /// <summary>Dropout of embeddings and sub-layer results.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Dropout of attention weights.</summary>
    public double AttentionDropout { get; init; } = 0.1;

    /// <summary>
    /// Deviation of the starting weights of blocks and pooler. 0.02 is published for a width of 768; narrower presets start with
    /// <c>0.02 sqrt(768 / D)</c>, so that sub-layers have the same magnitude.
    /// </summary>
    public double InitialDeviation { get; init; } = 0.02;

    /// <summary>2 layers of width 64 without dropout: for tests and demonstrations.</summary>
    internal static BertTowerOptions Tiny { get; } =
        new()
        {
            Width = 64,
            Layers = 2,
            Heads = 4,
            MlpWidth = 128,
            Positions = 64,
            Dropout = 0,
            AttentionDropout = 0,
            InitialDeviation = 0.07,
        };

    /// <summary>4 layers of width 256, for training from scratch on a CPU.</summary>
    internal static BertTowerOptions Small { get; } =
        new()
        {
            Width = 256,
            Layers = 4,
            Heads = 4,
            MlpWidth = 1024,
            Positions = 128,
            AttentionDropout = 0,
            InitialDeviation = 0.035,
        };

    /// <summary>BERT-large.</summary>
    internal static BertTowerOptions Large { get; } =
        new()
        {
            Width = 1024,
            Layers = 24,
            Heads = 16,
            MlpWidth = 4096,
        };

    /// <inheritdoc/>
    internal override int Depth => Layers;

    /// <inheritdoc/>
    internal override int SequenceWidth => Width;

    /// <inheritdoc/>
    internal override void Check(int contextLength) => Validate(contextLength);

    /// <inheritdoc/>
    internal override TextTower Build(TowerSurroundings surroundings) =>
        new BertTextTower(
            new BertEncoder(Of(surroundings.Context.VocabularySize, surroundings.Context.PaddingId), pooler: false),
            surroundings.Context
        );

    /// <summary>Checks every setting.</summary>
    /// <param name="longest">The longest sequence of positions the system asks for.</param>
    /// <exception cref="OptionException">One is outside its range.</exception>
    public void Validate(int longest)
    {
        Of(vocabulary: 4, paddingId: 0).Validate();
        OptionException.Require("text.positions", Positions, longest, 1_000_000, "every token of the longest text has a position");
    }

    /// <summary>The tower with an encoder's shape.</summary>
    internal static BertTowerOptions Of(BertOptions encoder) =>
        new()
        {
            Width = encoder.Width,
            Layers = encoder.Layers,
            Heads = encoder.Heads,
            MlpWidth = encoder.MlpWidth,
            Positions = encoder.MaximumLength,
            Segments = encoder.SegmentCount,
            Activation = encoder.Activation,
            NormEpsilon = encoder.NormEpsilon,
            Dropout = encoder.Dropout,
            AttentionDropout = encoder.AttentionDropout,
        };

    /// <summary>The encoder's shape; its vocabulary is the run's tokenizer's and not known here.</summary>
    internal BertOptions AsEncoder() => Of(vocabulary: 1, paddingId: 0);

    /// <summary>The encoder's shape with a vocabulary.</summary>
    /// <param name="vocabulary">The number of token ids.</param>
    /// <param name="paddingId">The token whose word vector does not learn from look-ups.</param>
    internal BertOptions Of(int vocabulary, int paddingId) =>
        new(vocabulary, Width, Layers, Heads, MlpWidth)
        {
            MaximumLength = Positions,
            SegmentCount = Segments,
            Activation = Activation,
            NormEpsilon = NormEpsilon,
            Dropout = Dropout,
            AttentionDropout = AttentionDropout,
            InitialDeviation = InitialDeviation,
            PaddingToken = paddingId,
        };
}
