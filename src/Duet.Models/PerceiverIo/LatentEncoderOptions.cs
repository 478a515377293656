// The shape of the latent array and of what reads into it.
using Duet.Models.Fusion;
using Duet.Torch;

namespace Duet.Models;

/// <summary>The settings of a <see cref="LatentEncoder"/>.</summary>
/// <param name="Latents">Number N of latent vectors.</param>
/// <param name="Width">Width D of a latent vector.</param>
/// <param name="InputWidth">Width C of the input array.</param>
public sealed record LatentEncoderOptions(long Latents, long Width, long InputWidth)
{
    /// <summary>How often the latents read the input: before the first block, and before the next ones while reads are left.</summary>
    public int CrossAttentions { get; init; } = 1;

    /// <summary>Whether later reads use the weights of the first one.</summary>
    public bool ShareFirstCrossAttention { get; init; }

    /// <summary>Heads of the reads.</summary>
    public int CrossHeads { get; init; } = 1;

    /// <summary>MLP widening of the reads.</summary>
    public long CrossWideningFactor { get; init; } = 1;

    /// <summary>Query channels of the reads; null takes the input's width.</summary>
    public long? CrossQueryChannels { get; init; }

    /// <summary>Value channels of the reads; null takes their query channels.</summary>
    public long? CrossValueChannels { get; init; }

    /// <summary>Whether the latents are added to what they read.</summary>
    public bool CrossQueryResidual { get; init; } = true;

    /// <summary>How often a block of self-attention layers is applied.</summary>
    public int Blocks { get; init; } = 1;

    /// <summary>Whether all applications use the weights of the first; false gives the later ones a second set, which they share.</summary>
    public bool ShareFirstBlock { get; init; } = true;

    /// <summary>Self-attention layers in a block, each with its own weights.</summary>
    public int LayersPerBlock { get; init; } = 1;

    /// <summary>Heads of the self-attention layers.</summary>
    public int SelfHeads { get; init; } = 1;

    /// <summary>MLP widening of the self-attention layers.</summary>
    public long SelfWideningFactor { get; init; } = 1;

    /// <summary>Query channels of the self-attention layers; null takes D.</summary>
    public long? SelfQueryChannels { get; init; }

    /// <summary>Value channels of the self-attention layers; null takes their query channels.</summary>
    public long? SelfValueChannels { get; init; }

    /// <summary>The activation of every layer's MLP.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Probability of dropping an element of a sub-layer's result while training.</summary>
    public double Dropout { get; init; }

    /// <summary>Probability of dropping an attention weight while training.</summary>
    public double AttentionDropout { get; init; }

    /// <summary>Whether reads after the first have weights of their own.</summary>
    internal bool HasLaterCrossAttention => CrossAttentions > 1 && !ShareFirstCrossAttention;

    /// <summary>Whether blocks after the first have weights of their own.</summary>
    internal bool HasLaterBlock => Blocks > 1 && !ShareFirstBlock;

    /// <summary>The layer that reads the input.</summary>
    internal PerceiverLayerOptions Cross =>
        new(Width, CrossHeads, InputWidth)
        {
            QueryChannels = CrossQueryChannels,
            ValueChannels = CrossValueChannels,
            WideningFactor = CrossWideningFactor,
            QueryResidual = CrossQueryResidual,
            Activation = Activation,
            Dropout = Dropout,
            AttentionDropout = AttentionDropout,
        };

    /// <summary>A layer inside a block.</summary>
    internal PerceiverLayerOptions Self =>
        new(Width, SelfHeads)
        {
            QueryChannels = SelfQueryChannels,
            ValueChannels = SelfValueChannels,
            WideningFactor = SelfWideningFactor,
            Activation = Activation,
            Dropout = Dropout,
            AttentionDropout = AttentionDropout,
        };

    /// <summary>Checks the counts.</summary>
    /// <exception cref="OptionException">A count is below 1, or there are more reads than blocks.</exception>
    internal void Validate()
    {
        OptionException.Require(
            "latents",
            Latents,
            1,
            65536,
            "answers are read from the latents, and self-attention grows with their square"
        );
        OptionException.Require("blocks", Blocks, 1, 256, "the latents pass at least one block");
        OptionException.Require("layers_per_block", LayersPerBlock, 1, 256, "a block has at least one layer");
        OptionException.Require("cross_attentions", CrossAttentions, 1, Blocks, "every read of the input comes before its own block");
    }
}
