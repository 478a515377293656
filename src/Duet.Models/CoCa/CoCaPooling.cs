// How CoCa pools its picture tower.
using Duet.Models.Encoders;

namespace Duet.Models;

/// <summary>Where CoCa's contrastive picture embedding and the tokens for the decoder come from.</summary>
public enum CoCaPooling
{
    /// <summary>One pooler with many queries: the first result is the embedding, the others go to the decoder (all published open_clip
    /// checkpoints).</summary>
    Single,

    /// <summary>A pooler with many queries for the decoder, and one with a single query on top of its results (the paper's choice, table
    /// 8).</summary>
    Cascade,

    /// <summary>Two poolers side by side on the tower's results (the paper's alternative).</summary>
    Parallel,

    /// <summary>No pooler: the class position is the embedding, the patches go to the decoder.</summary>
    None,
}
