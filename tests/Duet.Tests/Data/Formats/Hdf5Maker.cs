// Makes HDF5 files with h5py, which is none of our code.
using System.Diagnostics;
using Duet.Data;
using Duet.Runs;
using Duet.Tests.Fixtures;
using Duet.Vision;

namespace Duet.Tests.Data.Formats;

/// <summary>Runs Debian's Python with h5py. Where it or libhdf5 is missing, tests are skipped, and fail under CI.</summary>
internal static class Hdf5Maker
{
    private const string Python = "/usr/bin/python3";

    // Fashion-Gen's layout: [N, 1] byte strings, Latin-1 as in the real files, and [N, H, W, 3] pictures.
    private const string FashionGen = """
        import sys, numpy as np, h5py
        path, kind, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
        with h5py.File(path, 'w', libver='latest' if kind == 'latest' else 'earliest') as f:
            pixels = np.zeros((n, 32, 24, 3), 'u1')
            for i in range(n):
                pixels[i, :, :, i % 3] = 40 + 8 * (i // 2 % 24)
                pixels[i, :16, :, (i + 1) % 3] = np.arange(24) * 9 + i
            f.create_dataset('input_image', data=pixels, **({'chunks': (4, 32, 24, 3), 'compression': 'gzip'} if kind == 'packed' else {}))
            names = ['Caf\u00e9 %s coat %d' % ('wool' if i % 2 else 'denim', i // 2) for i in range(n)]
            if kind == 'utf8':
                f.create_dataset('input_name', data=np.array([[s] for s in names], dtype=object), dtype=h5py.string_dtype('utf-8'))
            else:
                f.create_dataset('input_name', data=np.array([[s.encode('latin-1')] for s in names], dtype='S100'))
            f.create_dataset('input_description', data=np.array([['Long-sleeved %d' % i] for i in range(n)], dtype='S400'))
            f.create_dataset('input_category', data=np.array([['TOPS' if i % 2 else 'JEANS'] for i in range(n)], dtype='S40'))
            f.create_dataset('input_productID', data=np.arange(n).reshape(n, 1) // 2)
            f.create_dataset('input_msrpUSD', data=np.full((n, 1), 12.5, 'f4'))
            f.create_dataset('index', data=np.arange(n).reshape(n, 1))
        """;

    private static readonly Lazy<string?> WhyNoLibrary = new(() =>
    {
        using var folder = new TemporaryFolder();
        try
        {
            using var file = Hdf5File.Open(folder.Write("words.h5", "These are words."));
            return null;
        }
        catch (TableException e)
        {
            return e.Message.Contains("the library libhdf5 is not", StringComparison.Ordinal) ? e.Message : null;
        }
    });

    /// <summary>Writes a file in Fashion-Gen's layout.</summary>
    /// <param name="kind"><c>plain</c>, <c>packed</c> (gzip, chunks), <c>utf8</c> (variable strings) or <c>latest</c> (the newest file
    /// format).</param>
    public static void WriteFashionGen(string path, string kind, int rows) =>
        Run(FashionGen, path, kind, rows.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Runs a script; its arguments are in <c>sys.argv</c>.</summary>
    public static void Run(string script, params string[] arguments)
    {
        FixtureFolders.SkipOrFail(WhyNoLibrary.Value is not null, WhyNoLibrary.Value ?? string.Empty);
        FixtureFolders.SkipOrFail(!File.Exists(Python), $"{Python} is missing; it makes HDF5 files");
        using var process = Process.Start(
            new ProcessStartInfo(Python, ["-c", script, .. arguments]) { RedirectStandardError = true, UseShellExecute = false }
        )!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        FixtureFolders.SkipOrFail(
            error.Contains("No module named", StringComparison.Ordinal),
            "h5py is missing (Debian: python3-h5py); it makes HDF5 files"
        );
        process.ExitCode.ShouldBe(0, error);
    }
}
