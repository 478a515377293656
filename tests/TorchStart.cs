// Has the loader of native libraries stand before a test calls TorchSharp itself.
using System.Runtime.CompilerServices;
using Duet.Torch.Loading;

namespace Duet.Tests.Start;

internal static class TorchStart
{
    [ModuleInitializer]
    internal static void Prepare() => TorchLibraries.Prepare();
}
