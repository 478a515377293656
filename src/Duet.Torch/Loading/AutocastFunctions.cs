// libtorch's autocast switches, which have no C names.
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Loading;

/// <summary>
/// The functions of <c>ATen/autocast_mode.h</c> by the names that C++ compilers give them. They take and return small integers only, so
/// calling them from outside C++ is as safe as any C function; the names are those of the Itanium scheme (Linux, macOS) and of Microsoft's
/// (Windows).
/// </summary>
internal sealed unsafe class AutocastFunctions
{
    private static readonly Lazy<AutocastFunctions> Loaded = new(() => new AutocastFunctions());

    private readonly delegate* unmanaged<sbyte, byte> _isEnabled;
    private readonly delegate* unmanaged<sbyte, byte, void> _setEnabled;
    private readonly delegate* unmanaged<sbyte, sbyte, void> _setType;
    private readonly delegate* unmanaged<int> _enter;
    private readonly delegate* unmanaged<int> _exit;
    private readonly delegate* unmanaged<void> _clear;

    private AutocastFunctions()
    {
        // Any tensor makes TorchSharp load libtorch, so that the same library is found here.
        using (empty(1)) { }

        var library = NativeLibrary.Load("torch_cpu", typeof(torch).Assembly, searchPath: null);
        nint Export(string itanium, string microsoft) =>
            NativeLibrary.GetExport(library, OperatingSystem.IsWindows() ? microsoft : itanium);
        _isEnabled = (delegate* unmanaged<sbyte, byte>)Export(
            "_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE",
            "?is_autocast_enabled@autocast@at@@YA_NW4DeviceType@c10@@@Z"
        );
        _setEnabled = (delegate* unmanaged<sbyte, byte, void>)Export(
            "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb",
            "?set_autocast_enabled@autocast@at@@YAXW4DeviceType@c10@@_N@Z"
        );
        _setType = (delegate* unmanaged<sbyte, sbyte, void>)Export(
            "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE",
            "?set_autocast_dtype@autocast@at@@YAXW4DeviceType@c10@@W4ScalarType@4@@Z"
        );
        _enter = (delegate* unmanaged<int>)Export("_ZN2at8autocast17increment_nestingEv", "?increment_nesting@autocast@at@@YAHXZ");
        _exit = (delegate* unmanaged<int>)Export("_ZN2at8autocast17decrement_nestingEv", "?decrement_nesting@autocast@at@@YAHXZ");
        _clear = (delegate* unmanaged<void>)Export("_ZN2at8autocast11clear_cacheEv", "?clear_cache@autocast@at@@YAXXZ");
    }

    /// <summary>The functions of the loaded libtorch.</summary>
    internal static AutocastFunctions Instance => Loaded.Value;

    /// <summary>Whether autocast is on for a kind of device on this thread.</summary>
    internal bool IsEnabled(DeviceType device) => _isEnabled((sbyte)device) != 0;

    /// <summary>Switches autocast on this thread.</summary>
    internal void Set(DeviceType device, bool enabled, ScalarType type)
    {
        _setEnabled((sbyte)device, enabled ? (byte)1 : (byte)0);
        _setType((sbyte)device, (sbyte)type);
    }

    /// <summary>Opens a region, in which casts of parameters are kept.</summary>
    internal void Enter() => _ = _enter();

    /// <summary>Closes a region; the kept casts go with the outermost.</summary>
    internal void Exit()
    {
        if (_exit() == 0)
        {
            _clear();
        }
    }
}
