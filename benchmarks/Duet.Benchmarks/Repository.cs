// Where this checkout is.
namespace Duet.Benchmarks;

/// <summary>Finds the repository's folder.</summary>
internal static class Repository
{
    /// <summary>The folder with Duet.slnx above the program.</summary>
    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Duet.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Run the benchmark inside a checkout of Duet.");
    }
}
