// An empty folder with a feed of freshly packed packages, and commands run in it as a user would.
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security;

namespace Duet.Package.Tests;

/// <summary>
/// Packs the checkout into a feed of its own, installs the tool from it, and has the tool make a run. Packages of others are taken from the
/// machine's cache where it has them; what is restored beyond that goes into a cache in this folder.
/// </summary>
public sealed class Workplace : IDisposable
{
    private static readonly Dictionary<string, string?> Checkouts = typeof(Workplace)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .ToDictionary(item => item.Key, item => item.Value, StringComparer.Ordinal);

    public Workplace()
    {
        Folder = Directory.CreateTempSubdirectory("duet-packages-").FullName;
        Feed = Directory.CreateDirectory(Path.Combine(Folder, "feed")).FullName;
        File.WriteAllText(
            Path.Combine(Folder, "nuget.config"),
            $"""
            <configuration>
              <packageSources>
                <add key="feed" value="{SecurityElement.Escape(Feed)}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="machine" value="{SecurityElement.Escape(Checkouts["Packages"])}" />
              </fallbackPackageFolders>
            </configuration>
            """
        );
        try
        {
            Pack("src/Duet", $"-p:PackageVersion={LibraryVersion}");
            Pack("src/Duet.Pages", $"-p:PackageVersion={LibraryVersion}");
            Pack("src/Duet.Hdf5", $"-p:PackageVersion={LibraryVersion}", "--no-build");

            // For this system alone: each is a hundred megabytes and more.
            Pack("src/Duet.Cli", $"-p:ToolPackageRuntimeIdentifiers={ThisSystem}");
            InstallOutput = Run(
                Folder,
                "dotnet",
                "tool",
                "install",
                "Duet.Tool",
                "--tool-path",
                Path.Combine(Folder, "tool"),
                "--add-source",
                Feed
            );
            DemoOutput = Run(Folder, Tool, "demo", "--products", "200", "--epochs", "1");

            // The README trains its run with further commands, which take a minute; the demo's does as well.
            Directory.Move(Path.Combine(Folder, "runs", "demo", "cma-clip"), Path.Combine(Folder, "runs", "first"));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The version of the libraries here: one that the machine's cache cannot have from elsewhere.</summary>
    public static string LibraryVersion { get; } = $"0.1.0-test.{Environment.ProcessId}";

    /// <summary>The checkout that is packed.</summary>
    public static string Checkout => Checkouts["Checkout"]!;

    /// <summary>This system's name in packages; RuntimeInformation's own can be that of a distribution.</summary>
    public static string ThisSystem { get; } =
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";

    public string Folder { get; }

    public string Feed { get; }

    /// <summary>The installed command.</summary>
    public string Tool => Path.Combine(Folder, "tool", Executable("duet"));

    public string InstallOutput { get; }

    public string DemoOutput { get; }

    public static string Executable(string name) => OperatingSystem.IsWindows() ? name + ".exe" : name;

    /// <summary>Runs a command, which has to succeed.</summary>
    /// <returns>What it wrote to standard output.</returns>
    public string Run(string folder, string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What `dotnet test` tells its own children about the SDK, and what a launcher said, is not for these.
        foreach (
            var name in start
                .Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name is "DUET_COMMAND")
                .ToList()
        )
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        if (!string.Equals(folder, Checkout, StringComparison.Ordinal))
        {
            start.Environment["NUGET_PACKAGES"] = Path.Combine(Folder, "cache");
        }

        // MSBuild takes them for properties: libtorch's half gigabyte is then linked into every output where the file system can.
        start.Environment["CreateHardLinksForCopyLocalIfPossible"] = "true";
        start.Environment["CreateHardLinksForPublishFilesIfPossible"] = "true";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"{command} {string.Join(' ', arguments)}\n{output}\n{errors.Result}");
        return output;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void Pack(string project, params string[] options) =>
        Run(Checkout, "dotnet", ["pack", project, "-c", "Release", "-o", Feed, "-v", "quiet", "-tl:off", .. options]);
}
