// The packages, as someone uses them who has the .NET SDK and nothing of this repository.
using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;

namespace Duet.Package.Tests;

public sealed class PackageTests(Workplace place) : IClassFixture<Workplace>
{
    [Fact]
    public void The_tool_installs_as_duet_and_runs_the_demo()
    {
        place.InstallOutput.ShouldContain("command: duet");
        place.DemoOutput.ShouldContain("test accuracy");
        File.Exists(Path.Combine(place.Folder, "runs", "first", "report.html")).ShouldBeTrue();
        place.Run(place.Folder, place.Tool, "--help").ShouldContain("duet COMMAND --help");
    }

    [Fact]
    public void A_new_project_runs_the_program_of_the_readme()
    {
        var project = Path.Combine(place.Folder, "App");
        place.Run(place.Folder, "dotnet", "new", "console", "-o", project);
        place.Run(project, "dotnet", "add", "package", "Duet", "--version", Workplace.LibraryVersion);
        File.WriteAllText(Path.Combine(project, "Program.cs"), ReadmeProgram() + ReadHdf5);

        File.WriteAllText(Path.Combine(place.Folder, "damaged.h5"), "nothing");

        ShouldAnswer(place.Run(place.Folder, "dotnet", "run", "--project", project));

        // Framework-dependent and for every system, then with the runtime for this one.
        foreach (
            var (name, options) in (ReadOnlySpan<(string, string[])>)
                [("small", ["--no-self-contained"]), ("whole", ["--self-contained", "--runtime", Workplace.ThisSystem])]
        )
        {
            var output = Path.Combine(place.Folder, name);
            place.Run(project, "dotnet", ["publish", "-c", "Release", "-o", output, .. options]);
            ShouldAnswer(place.Run(place.Folder, Path.Combine(output, Workplace.Executable("App"))));
        }
    }

    [Fact]
    public void Beside_a_cuda_package_libtorch_for_the_processor_stays_out()
    {
        var project = Path.Combine(place.Folder, "Cuda");
        place.Run(place.Folder, "dotnet", "new", "console", "-o", project);
        place.Run(project, "dotnet", "add", "package", "Duet", "--version", Workplace.LibraryVersion);

        // By this property TorchSharp's packages for CUDA, which are gigabytes, tell that they are there.
        place.Run(
            project,
            "dotnet",
            "publish",
            "-o",
            "out",
            "--runtime",
            Workplace.ThisSystem,
            "--no-self-contained",
            "-p:TorchSharpCudaPackage=true"
        );
        var files = Directory.GetFiles(Path.Combine(project, "out")).Select(Path.GetFileName).ToList();
        files.ShouldContain(file => file!.Contains("LibTorchSharp", StringComparison.Ordinal));
        files.ShouldNotContain(file => file!.Contains("torch_cpu", StringComparison.Ordinal));
    }

    [Fact]
    public void A_system_is_one_folder_and_one_line()
    {
        // A copy of the sources, the folder of the example, and its line in the registry.
        var copy = Path.Combine(place.Folder, "AddASystem");
        foreach (var part in (string[])["src", "packaging", "samples", "tests"])
        {
            Copy(Path.Combine(Workplace.Checkout, part), Path.Combine(copy, part));
        }

        foreach (
            var file in Directory
                .GetFiles(Workplace.Checkout, "*.props")
                .Concat(Directory.GetFiles(Workplace.Checkout, "*.targets"))
                .Concat([Path.Combine(Workplace.Checkout, "global.json"), Path.Combine(Workplace.Checkout, ".editorconfig")])
        )
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        Copy(
            Path.Combine(Workplace.Checkout, "samples", "AddASystem", "ColorWords"),
            Path.Combine(copy, "src", "Duet.Models", "ColorWords")
        );
        Change(
            Path.Combine(copy, "src", "Duet.Models", "ModelRegistry.cs"),
            "        PerceiverIo.Descriptor,\n",
            "        PerceiverIo.Descriptor,\n        ColorWords.Descriptor,\n"
        );
        string[] options = ["-c", "Release", "-v", "quiet", "-tl:off", "-p:EnableSourceControlManagerQueries=false"];
        place.Run(copy, "dotnet", ["build", "src/Duet.Cli", .. options]);

        // It keeps the contract of every system. It has no attention, which the tests of explanations are told.
        Change(
            Path.Combine(copy, "tests", "Duet.Tests", "Explanation", "ExplanationContractTests.cs"),
            "[\"resnet\"]",
            "[\"resnet\", \"color-words\"]"
        );
        place
            .Run(
                copy,
                "dotnet",
                [
                    "test",
                    "tests/Duet.Tests",
                    .. options,
                    "--logger",
                    "console;verbosity=normal",
                    "-p:RunAnalyzers=false",
                    "--filter",
                    "FullyQualifiedName~ContractTests&DisplayName~color-words",
                ]
            )
            .ShouldContain("Learns_32_products_by_heart");

        // The demo of the tool left its catalog.
        var duet = Path.Combine(copy, "src", "Duet.Cli", "bin", "Release", "net10.0", "Duet.Cli.dll");
        string[] table = ["--data", Path.Combine("..", "runs", "demo", "catalogue", "products.csv"), "--image", "image", "--text", "title"];
        place.Run(
            copy,
            "dotnet",
            [
                duet,
                "train",
                .. table,
                "--split-column",
                "split",
                "--task",
                "category",
                "--model",
                "color-words",
                "--preset",
                "tiny",
                "--epochs",
                "40",
                "--learning-rate",
                "0.02",
                "--output",
                "run",
            ]
        );
        using var report = JsonDocument.Parse(
            place.Run(copy, "dotnet", [duet, "evaluate", "run", .. table, "--split-column", "split", "--split", "train", "--json"])
        );
        report.RootElement.GetProperty("tasks").GetProperty("category").GetProperty("accuracy").GetDouble().ShouldBeGreaterThan(0.5);
        place.Run(copy, "dotnet", duet, "inspect", "run").ShouldContain("Color and words, preset tiny");
    }

    private static void Change(string file, string from, string to)
    {
        var text = File.ReadAllText(file);
        text.ShouldContain(from);
        File.WriteAllText(file, text.Replace(from, to, StringComparison.Ordinal));
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(from, file);
            if (!name.Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj"))
            {
                var target = Path.Combine(to, name);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        }
    }

    [Theory]
    [InlineData(
        "Duet",
        "Duet.Hdf5",
        "TorchSharp",
        "libtorch-cpu",
        "NetVips",
        "NetVips.Native.linux-x64",
        "NetVips.Native.osx-arm64",
        "NetVips.Native.win-x64"
    )]
    [InlineData("Duet.Pages", "Duet", "Microsoft.AspNetCore.Components.Web")]
    [InlineData("Duet.Hdf5")]
    public void A_package_says_what_it_is_and_needs(string id, params string[] needed)
    {
        var name = $"{id}.{Workplace.LibraryVersion}";
        File.Exists(Path.Combine(place.Feed, name + ".snupkg")).ShouldBeTrue();
        using var package = ZipFile.OpenRead(Path.Combine(place.Feed, name + ".nupkg"));
        foreach (var file in (string[])["README.md", "icon.png", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"])
        {
            package.GetEntry(file).ShouldNotBeNull(file);
        }

        using var description = package.GetEntry(id + ".nuspec")!.Open();
        var elements = XDocument.Load(description).Descendants().ToLookup(element => element.Name.LocalName, StringComparer.Ordinal);
        elements["license"].Single().Value.ShouldBe("MIT");
        elements["repository"].Single().Attribute("commit")!.Value.Length.ShouldBe(40);
        var dependencies = elements["dependency"].Select(dependency => dependency.Attribute("id")!.Value).ToList();
        needed.ShouldBeSubsetOf(dependencies);
        dependencies.ShouldNotContain(dependency => dependency.Contains("Analyzer", StringComparison.Ordinal));
    }

    // After the README's program: the process that reads HDF5 files starts, and says what it thinks of this one.
    private const string ReadHdf5 = """

        try
        {
            Duet.Vision.Hdf5File.Open("damaged.h5").Dispose();
        }
        catch (Duet.TableException e)
        {
            Console.WriteLine(e.Message);
        }
        """;

    private static void ShouldAnswer(string output)
    {
        foreach (var task in (string[])["category", "color", "pattern", "material", "gender"])
        {
            output.ShouldContain(task + ": ");
        }

        // Either is the reading process's own answer; without libhdf5 on this machine it is the second.
        (
            output.Contains("it is not an HDF5 file", StringComparison.Ordinal) || output.Contains("libhdf5", StringComparison.Ordinal)
        ).ShouldBeTrue(output);
    }

    private static string ReadmeProgram()
    {
        var readme = File.ReadAllText(Path.Combine(Workplace.Checkout, "README.md"));
        const string opening = "```csharp\n";
        var start = readme.IndexOf(opening, StringComparison.Ordinal) + opening.Length;
        return readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
