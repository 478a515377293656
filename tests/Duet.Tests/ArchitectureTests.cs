// The plan of the assemblies: which may know which. The compiler keeps it; this test names it, so that a new arrow is a decision.
using System.Reflection;

namespace Duet.Tests;

public sealed class ArchitectureTests
{
    // Each assembly with those that its project refers to, from the bottom up.
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Duet.Base"] = [],
        ["Duet.Text"] = ["Duet.Base"],
        ["Duet.Vision"] = ["Duet.Base", "Duet.Hdf5"],
        ["Duet.Data"] = ["Duet.Base", "Duet.Hdf5", "Duet.Text", "Duet.Vision"],
        ["Duet.Metrics"] = ["Duet.Base", "Duet.Data"],
        ["Duet.Torch"] = ["Duet.Base"],
        ["Duet.Models"] = ["Duet.Base", "Duet.Text", "Duet.Vision", "Duet.Data", "Duet.Metrics", "Duet.Torch"],
        ["Duet"] = ["Duet.Base", "Duet.Text", "Duet.Vision", "Duet.Data", "Duet.Metrics", "Duet.Torch", "Duet.Models"],
        ["Duet.Pages"] = ["Duet.Base", "Duet.Data", "Duet.Metrics", "Duet.Models", "Duet"],
    };

    public static TheoryData<string> Assemblies => [.. Arrows.Keys];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void An_assembly_knows_only_those_below_it(string name)
    {
        var known = Assembly.Load(name).GetReferencedAssemblies().Select(reference => reference.Name!).Where(IsOurs);
        known.ShouldBeSubsetOf(Arrows[name]);
    }

    [Theory]
    [InlineData("Duet.Base", "TorchSharp", "NetVips", "CsvHelper", "YamlDotNet")]
    [InlineData("Duet.Text", "TorchSharp", "NetVips")]
    [InlineData("Duet.Vision", "TorchSharp")]
    [InlineData("Duet.Data", "TorchSharp")]
    [InlineData("Duet.Metrics", "TorchSharp", "NetVips")]
    [InlineData("Duet.Models", "NetVips", "CsvHelper")]
    [InlineData("Duet", "Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Components.Web")]
    [InlineData("Duet.Pages", "TorchSharp", "NetVips")]
    public void An_assembly_stays_free_of(string name, params string[] packages)
        => Assembly.Load(name).GetReferencedAssemblies().Select(reference => reference.Name!).ShouldNotContain(known => packages.Contains(known, StringComparer.Ordinal));

    [Fact]
    public void Nothing_below_the_command_line_writes_to_the_console()
    {
        foreach (var name in Arrows.Keys)
        {
            Assembly.Load(name).GetReferencedAssemblies().ShouldNotContain(reference => reference.Name == "System.Console", name);
        }
    }

    private static bool IsOurs(string name) => name == "Duet" || name.StartsWith("Duet.", StringComparison.Ordinal);
}
