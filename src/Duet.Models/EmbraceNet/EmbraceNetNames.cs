// The name map of the published EmbraceNet.
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>The table that brings idearibosome/embracenet's weights (embracenet_pytorch/embracenet.py) to our names.</summary>
public static class EmbraceNetNames
{
    /// <summary>The docking layers.</summary>
    public static NameMap Published { get; } = new(NameRule.Copy("docking_{n}.{p:weight|bias}", "docking.{n}.{p}"));
}
