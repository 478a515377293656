// Switching the recording of gradients on and off.
using Duet.Torch.Native;

namespace Duet.Torch;

/// <summary>Grad mode of the current thread.</summary>
public static class Gradients
{
    /// <summary>Whether autograd records on this thread.</summary>
    public static bool AreEnabled => NativeMethods.duet_grad_enabled() != 0;

    /// <summary>Stops recording until the result is disposed.</summary>
    public static IDisposable Disabled() => new Region(enabled: false);

    /// <summary>Records until the result is disposed.</summary>
    public static IDisposable Enabled() => new Region(enabled: true);

    private sealed class Region : IDisposable
    {
        private readonly bool _before = AreEnabled;

        internal Region(bool enabled) => NativeMethods.duet_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => NativeMethods.duet_set_grad_enabled(_before ? 1 : 0);
    }
}
