// The plan of the assemblies: which may know which. The compiler keeps it; this test names it, so that a new arrow is a decision.
using System.Reflection;
using TorchSharp;

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
        ["Duet.Extensions.AI"] = ["Duet.Base", "Duet.Data", "Duet"],
        ["Duet.Server"] = ["Duet.Base", "Duet.Text", "Duet.Vision", "Duet.Data", "Duet.Metrics", "Duet.Models", "Duet"],
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
    [InlineData("Duet.Server", "TorchSharp", "NetVips")]
    public void An_assembly_stays_free_of(string name, params string[] packages) =>
        Assembly
            .Load(name)
            .GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .ShouldNotContain(known => packages.Contains(known, StringComparer.Ordinal));

    [Fact]
    public void Nothing_below_the_command_line_writes_to_the_console()
    {
        foreach (var name in Arrows.Keys)
        {
            Assembly.Load(name).GetReferencedAssemblies().ShouldNotContain(reference => reference.Name == "System.Console", name);
        }
    }

    // Each makes a Scalar that the garbage collector may free while libtorch reads it (docs/decisions/017).
    [Theory]
    [InlineData("Duet.Torch")]
    [InlineData("Duet.Models")]
    [InlineData("Duet")]
    public void Numbers_reach_libtorch_by_ScalarArithmetic_only(string name) =>
        MethodsCalledBy(Assembly.Load(name))
            .Where(MakesUnheldScalar)
            .Select(method => $"{method.DeclaringType!.Name}.{method}")
            .ShouldBeEmpty();

    [Fact]
    public void The_check_sees_what_makes_an_unheld_scalar()
    {
        using var scope = torch.NewDisposeScope();
        _ = (torch.ones(1) + torch.ones(1)) * 2.0;
        _ = torch.ones(1).clamp(0).ToDouble();
        var seen = MethodsCalledBy(typeof(ArchitectureTests).Assembly).Where(MakesUnheldScalar).Select(method => method.Name);
        ((string[])["op_Addition", "op_Multiply", "op_Implicit", "ToDouble"]).ShouldBeSubsetOf(seen);
    }

    private static bool MakesUnheldScalar(MethodBase method) =>
        method.DeclaringType?.FullName switch
        {
            "TorchSharp.Scalar" => method.Name == "op_Implicit",
            "TorchSharp.torch+Tensor" => method.Name switch
            {
                "op_Addition" or "square" => true,
                "op_Subtraction" or "op_Multiply" or "op_Division" => Array.Exists(
                    method.GetParameters(),
                    parameter => parameter.ParameterType.IsPrimitive
                ),
                "add" or "add_" => method.GetParameters().Length == 1,
                _ => false,
            },
            "TorchSharp.TensorExtensionMethods" => method.Name is "ToDouble" or "ToSingle" or "ToInt64" or "ToInt32" or "ToBoolean",
            _ => false,
        };

    // What an assembly calls of others stands in its table of member references.
    private static IEnumerable<MethodBase> MethodsCalledBy(Assembly assembly)
    {
        const int memberReferences = 0x0A000000;
        using var file = new System.Reflection.PortableExecutable.PEReader(File.OpenRead(assembly.Location));
        var count = System.Reflection.Metadata.Ecma335.MetadataReaderExtensions.GetTableRowCount(
            System.Reflection.Metadata.PEReaderExtensions.GetMetadataReader(file),
            System.Reflection.Metadata.Ecma335.TableIndex.MemberRef
        );
        foreach (var row in Enumerable.Range(1, count))
        {
            MemberInfo? member = null;
            try
            {
                member = assembly.ManifestModule.ResolveMember(memberReferences + row);
            }
            catch (Exception e) when (e is ArgumentException or TypeLoadException or MissingMemberException or FileNotFoundException)
            {
                // A member of an open generic type cannot be resolved by itself, and is none of TorchSharp's.
            }

            if (member is MethodBase method)
            {
                yield return method;
            }
        }
    }

    private static bool IsOurs(string name) => name == "Duet" || name.StartsWith("Duet.", StringComparison.Ordinal);
}
