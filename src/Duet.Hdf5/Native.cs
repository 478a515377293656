// The functions of libhdf5 that reading needs. An identifier (hid_t) has 64 bits since HDF5 1.10.
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Duet.Hdf5;

internal static unsafe partial class Native
{
    public const nint Default = 0;
    public const int HardLink = 0;
    public const int StringClass = 3;
    public const int IntegerClass = 0;
    public const int FloatClass = 1;
    public const int VirtualLayout = 3;
    public const nint AllFiles = 0x1f;
    public const uint FilesGroupsDatasets = 0x7;
    public static readonly nuint Variable = nuint.MaxValue;
    private const string Library = "hdf5";

    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Resolve);

    /// <summary>The identifier that libhdf5 keeps in a variable of this name, such as <c>H5T_C_S1_g</c>.</summary>
    public static nint Variable64(string name) => (nint)(*(long*)NativeLibrary.GetExport(Hdf5Library.Handle, name));

    [LibraryImport(Library, EntryPoint = "H5open")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int Start();

    [LibraryImport(Library, EntryPoint = "H5Eset_auto2")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int SetErrorPrinter(nint stack, nint function, nint data);

    [LibraryImport(Library, EntryPoint = "H5PLset_loading_state")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int SetPluginLoading(uint mask);

    [LibraryImport(Library, EntryPoint = "H5Fopen", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial Hdf5FileHandle OpenFile(string path, uint flags, nint access);

    [LibraryImport(Library, EntryPoint = "H5Fclose")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int CloseFile(nint file);

    [LibraryImport(Library, EntryPoint = "H5Fget_obj_count")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint CountOpen(nint file, uint kinds);

    [LibraryImport(Library, EntryPoint = "H5Gget_info")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int GetGroupInfo(Hdf5FileHandle group, out GroupInfo info);

    [LibraryImport(Library, EntryPoint = "H5Lget_name_by_idx", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint GetLinkName(
        Hdf5FileHandle location,
        string group,
        int index,
        int order,
        ulong number,
        byte* name,
        nuint size,
        nint access
    );

    [LibraryImport(Library, EntryPoint = "H5Lget_info", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int GetLinkInfo(Hdf5FileHandle location, string name, out LinkInfo info, nint access);

    // The same function's name from HDF5 1.12 on.
    [LibraryImport(Library, EntryPoint = "H5Lget_info1", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int GetLinkInfo1(Hdf5FileHandle location, string name, out LinkInfo info, nint access);

    [LibraryImport(Library, EntryPoint = "H5Dopen2", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial Hdf5DatasetHandle OpenDataset(Hdf5FileHandle file, string name, Hdf5PropertyHandle access);

    [LibraryImport(Library, EntryPoint = "H5Dclose")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int CloseDataset(nint dataset);

    [LibraryImport(Library, EntryPoint = "H5Dget_space")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial Hdf5SpaceHandle GetSpace(Hdf5DatasetHandle dataset);

    [LibraryImport(Library, EntryPoint = "H5Dget_type")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial Hdf5TypeHandle GetDatasetType(Hdf5DatasetHandle dataset);

    [LibraryImport(Library, EntryPoint = "H5Dget_create_plist")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial Hdf5PropertyHandle GetCreation(Hdf5DatasetHandle dataset);

    [LibraryImport(Library, EntryPoint = "H5Dread")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int Read(
        Hdf5DatasetHandle dataset,
        nint memoryType,
        Hdf5SpaceHandle memory,
        Hdf5SpaceHandle file,
        nint transfer,
        void* buffer
    );

    [LibraryImport(Library, EntryPoint = "H5Dvlen_reclaim")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int FreeVariable(nint memoryType, Hdf5SpaceHandle memory, nint transfer, void* buffer);

    [LibraryImport(Library, EntryPoint = "H5Sget_simple_extent_ndims")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int GetRank(Hdf5SpaceHandle space);

    [LibraryImport(Library, EntryPoint = "H5Sget_simple_extent_dims")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int GetShape(Hdf5SpaceHandle space, ulong* sizes, ulong* most);

    [LibraryImport(Library, EntryPoint = "H5Screate_simple")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial Hdf5SpaceHandle CreateSpace(int rank, ulong* sizes, ulong* most);

    [LibraryImport(Library, EntryPoint = "H5Sselect_hyperslab")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int SelectBlock(Hdf5SpaceHandle space, int operation, ulong* start, ulong* stride, ulong* count, ulong* block);

    [LibraryImport(Library, EntryPoint = "H5Sclose")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int CloseSpace(nint space);

    [LibraryImport(Library, EntryPoint = "H5Tget_class")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int GetTypeClass(Hdf5TypeHandle type);

    [LibraryImport(Library, EntryPoint = "H5Tget_size")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint GetTypeSize(Hdf5TypeHandle type);

    [LibraryImport(Library, EntryPoint = "H5Tget_sign")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int GetTypeSign(Hdf5TypeHandle type);

    [LibraryImport(Library, EntryPoint = "H5Tget_cset")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int GetCharacterSet(Hdf5TypeHandle type);

    [LibraryImport(Library, EntryPoint = "H5Tget_strpad")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int GetPadding(Hdf5TypeHandle type);

    [LibraryImport(Library, EntryPoint = "H5Tis_variable_str")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int IsVariable(Hdf5TypeHandle type);

    [LibraryImport(Library, EntryPoint = "H5Tcopy")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial Hdf5TypeHandle CopyType(nint type);

    [LibraryImport(Library, EntryPoint = "H5Tset_size")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int SetTypeSize(Hdf5TypeHandle type, nuint size);

    [LibraryImport(Library, EntryPoint = "H5Tset_cset")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int SetCharacterSet(Hdf5TypeHandle type, int set);

    [LibraryImport(Library, EntryPoint = "H5Tset_strpad")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int SetPadding(Hdf5TypeHandle type, int padding);

    [LibraryImport(Library, EntryPoint = "H5Tclose")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int CloseType(nint type);

    [LibraryImport(Library, EntryPoint = "H5Pcreate")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial Hdf5PropertyHandle CreateProperties(nint kind);

    [LibraryImport(Library, EntryPoint = "H5Pset_chunk_cache")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int SetChunkCache(Hdf5PropertyHandle properties, nuint slots, nuint bytes, double preemption);

    [LibraryImport(Library, EntryPoint = "H5Pget_layout")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int GetLayout(Hdf5PropertyHandle creation);

    [LibraryImport(Library, EntryPoint = "H5Pget_external_count")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int GetExternalCount(Hdf5PropertyHandle creation);

    [LibraryImport(Library, EntryPoint = "H5Pclose")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int CloseProperties(nint properties);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int SetLimit(int resource, ref ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "dup2")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int Duplicate(Microsoft.Win32.SafeHandles.SafeFileHandle from, int to);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? paths) =>
        string.Equals(name, Library, StringComparison.Ordinal) ? Hdf5Library.Handle : 0;
}

[StructLayout(LayoutKind.Sequential)]
internal struct LinkInfo
{
    public int Kind;
    public int OrderIsValid;
    public long Order;
    public int CharacterSet;
    public long Address;
    public long Spare;
}

[StructLayout(LayoutKind.Sequential)]
internal struct GroupInfo
{
    public int StorageType;
    public ulong Links;
    public long LargestOrder;
    public int Mounted;
}
