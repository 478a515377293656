// The shape of one attention layer of a Perceiver.
using Duet.Models.Fusion;
using Duet.Torch;

namespace Duet.Models;

/// <summary>The settings of a <see cref="PerceiverLayer"/>.</summary>
/// <param name="Width">Width D of the queries and of the result.</param>
/// <param name="Heads">Attention heads; query and value channels are multiples of it.</param>
/// <param name="ContextWidth">Width of the sequence that keys and values come from; null for self-attention.</param>
public sealed record PerceiverLayerOptions(long Width, int Heads, long? ContextWidth = null)
{
    /// <summary>
    /// Channels of queries and keys over all heads. Null takes the context's width in a cross-attention (the published
    /// <c>shape_for_attn = "kv"</c>) and the query's own width in a self-attention.
    /// </summary>
    public long? QueryChannels { get; init; }

    /// <summary>Channels of the values over all heads; null takes those of the queries.</summary>
    public long? ValueChannels { get; init; }

    /// <summary>The MLP's hidden width as a multiple of D; at least 1.</summary>
    public long WideningFactor { get; init; } = 1;

    /// <summary>The MLP's activation.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Whether the query is added to the attention's result. Decoders of Perceiver IO often leave it out.</summary>
    public bool QueryResidual { get; init; } = true;

    /// <summary>Probability of dropping an element of a sub-layer's result while training, in <c>[0, 1)</c>.</summary>
    public double Dropout { get; init; }

    /// <summary>Probability of dropping an attention weight while training, in <c>[0, 1)</c>.</summary>
    public double AttentionDropout { get; init; }

    /// <summary>Whether keys and values come from another sequence.</summary>
    public bool IsCross => ContextWidth is not null;

    /// <summary>Channels of queries and keys after the defaults.</summary>
    internal long EffectiveQueryChannels => QueryChannels ?? ContextWidth ?? Width;

    /// <summary>Channels of the values after the defaults.</summary>
    internal long EffectiveValueChannels => ValueChannels ?? EffectiveQueryChannels;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="OptionException">A setting is out of its range or the channels cannot be cut into the heads.</exception>
    internal void Validate()
    {
        OptionException.Require("width", Width, 1, 65536, "a vector has at least one channel");
        OptionException.Require("heads", Heads, 1, 1024, "attention has at least one head");
        OptionException.Require("context_width", ContextWidth ?? 1, 1, 65536, "a vector has at least one channel");
        OptionException.Require("widening_factor", WideningFactor, 1, 64, "the MLP's hidden layer is a multiple of the width");
        OptionException.Require(
            EffectiveQueryChannels >= 1
                && EffectiveQueryChannels % Heads == 0
                && EffectiveValueChannels >= 1
                && EffectiveValueChannels % Heads == 0,
            $"{EffectiveQueryChannels} query channels and {EffectiveValueChannels} value channels cannot be cut into {Heads} heads; "
                + $"choose multiples of {Heads}."
        );
    }
}
