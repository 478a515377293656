// The folder of the demo.
namespace Duet.Cli.Demo;

/// <summary>Where the demo keeps its catalogue and its runs. Only folders that a demo made are ever replaced.</summary>
/// <param name="Path">The folder.</param>
internal sealed record DemoFolder(string Path)
{
    private const string Mark = ".duet-demo";

    /// <summary>The catalogue's folder.</summary>
    public string Catalogue => System.IO.Path.Combine(Path, "catalogue");

    /// <summary>A run's folder.</summary>
    public string Run(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Makes the folder, empty but for the mark.</summary>
    /// <exception cref="UsageException">It holds something that no demo put there.</exception>
    public void Prepare()
    {
        if (Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any())
        {
            if (!File.Exists(System.IO.Path.Combine(Path, Mark)))
            {
                throw new UsageException($"{Path} holds something that is not the demo's. Name another --output.");
            }

            Directory.Delete(Path, recursive: true);
        }

        Directory.CreateDirectory(Path);
        File.WriteAllText(System.IO.Path.Combine(Path, Mark), "`duet demo` replaces this folder.\n");
    }
}
