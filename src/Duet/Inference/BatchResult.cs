// What a model said about a batch, in managed memory.
namespace Duet.Inference;

/// <summary>Probabilities, shares and embeddings of a batch of B products.</summary>
internal sealed class BatchResult
{
    /// <summary>Whether the model could look at anything of the product, <c>[B]</c>; the other arrays mean nothing where not.</summary>
    public required bool[] Usable { get; init; }

    /// <summary>Per task, <c>[B, C]</c>.</summary>
    public required float[][] Probabilities { get; init; }

    /// <summary>Per task, <c>[B, 2]</c>, picture first; null where the system has no shares.</summary>
    public required float[][]? Shares { get; init; }

    /// <summary>Joint embeddings <c>[B, D]</c>; null where not asked for or not there.</summary>
    public float[]? Joint { get; init; }

    /// <summary>Picture embeddings <c>[B, D]</c>; null where not asked for or not there.</summary>
    public float[]? Image { get; init; }

    /// <summary>Text embeddings <c>[B, D]</c>; null where not asked for or not there.</summary>
    public float[]? Text { get; init; }

    /// <summary>What the run's calibration makes of it; null where the run is not calibrated.</summary>
    public BatchDecisions? Decisions { get; set; }

    /// <summary>All arrays of numbers, in an order that depends on the system alone.</summary>
    public IEnumerable<float[]?> Arrays => [.. Probabilities, .. Shares ?? [], Joint, Image, Text];
}
