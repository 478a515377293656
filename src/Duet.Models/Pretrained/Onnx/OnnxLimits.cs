// How much of an ONNX file is believed.
namespace Duet.Models.Pretrained.Onnx;

/// <summary>
/// Limits for files from strangers. Published models stay far below: the largest have some ten thousand nodes. Without limits a small file
/// could name more parts than the memory holds.
/// </summary>
internal static class OnnxLimits
{
    /// <summary>Bytes of the file itself: a protocol buffer cannot be longer. Larger models keep their weights in files beside
    /// it.</summary>
    internal const long FileBytes = int.MaxValue - (1 << 16);

    internal const int Nodes = 200_000;

    internal const int Tensors = 200_000;

    /// <summary>Inputs, outputs and attributes of one node, and entries of one list of numbers.</summary>
    internal const int Parts = 4096;

    /// <summary>Pieces of one tensor's list of numbers; writers store it as one.</summary>
    internal const int Pieces = 1_000_000;

    /// <summary>Bytes of a name.</summary>
    internal const int NameBytes = 1024;

    internal const int Rank = 16;
}
