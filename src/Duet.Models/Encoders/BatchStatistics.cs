// Batch norms that stay in evaluation mode while the rest of a network learns.
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>Freezes the running statistics of convolutional networks.</summary>
internal static class BatchStatistics
{
    /// <summary>Switches whether all batch norms below a module use, and keep, their running statistics while training.</summary>
    internal static void FreezeStatistics(this nn.Module module, bool frozen)
    {
        foreach (var (_, child) in module.named_children())
        {
            if (child is BatchNorm2d norm)
            {
                norm.IsFrozen = frozen;
            }

            child.FreezeStatistics(frozen);
        }
    }
}
