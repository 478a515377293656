// Installs the loader of native libraries before this assembly first calls TorchSharp.
using System.Runtime.CompilerServices;
using Duet.Torch.Loading;

namespace Duet;

internal static class TorchStart
{
#pragma warning disable CA2255 // See TorchLibraries: whoever uses this library must not have to think of its native libraries.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Prepare() => TorchLibraries.Prepare();
}
