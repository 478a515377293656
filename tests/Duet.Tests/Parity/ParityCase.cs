// One fixture to reproduce: configuration, weights, inputs, and the recorded outputs to compare with.
using System.Text.Json;
using Duet.Tests.Fixtures;
using Duet.Torch;
using Duet.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Parity;

/// <summary>A fixture folder's tensors. They belong to the tensor scope that is open while the case is made.</summary>
internal sealed class ParityCase
{
    private ParityCase(FixtureFolder folder, string prefix)
    {
        (Folder, Prefix) = (folder, prefix);
        Weights = File.Exists(folder.File($"{prefix}weights.safetensors")) ? Load(folder, $"{prefix}weights.safetensors") : [];
        Inputs = Load(folder, $"{prefix}inputs.safetensors");
        Expected = new ParityAssert(folder.Config, Load(folder, $"{prefix}outputs.safetensors"));
    }

    public FixtureFolder Folder { get; }

    /// <summary>What stands before the names of this case's files.</summary>
    public string Prefix { get; }

    /// <summary>The content of <c>config.json</c>.</summary>
    public JsonElement Config => Folder.Config;

    public Dictionary<string, Tensor> Weights { get; }

    public Dictionary<string, Tensor> Inputs { get; }

    /// <summary>The recorded outputs, compared one by one.</summary>
    public ParityAssert Expected { get; }

    /// <summary>
    /// Runs <paramref name="reproduce"/> on every folder of a kind, each in its own tensor scope, and fails with all differences of all
    /// folders, the recorded tensors nobody compared among them.
    /// </summary>
    /// <param name="kind">One of <see cref="FixtureKinds.Known"/>.</param>
    /// <param name="reproduce">Builds the system from the configuration and compares every recorded tensor.</param>
    /// <param name="prefix">What stands before <c>weights.safetensors</c> and the others, for a second set of files in one folder.</param>
    public static void ForEach(string kind, Action<ParityCase> reproduce, string prefix = "") => ForEach(kind, reproduce, _ => [prefix]);

    /// <summary>The same for folders with a number of sets of files that differs.</summary>
    /// <param name="kind">One of <see cref="FixtureKinds.Known"/>.</param>
    /// <param name="reproduce">Builds the system from the configuration and compares every recorded tensor.</param>
    /// <param name="prefixes">What stands before the names of a folder's sets.</param>
    public static void ForEach(string kind, Action<ParityCase> reproduce, Func<FixtureFolder, IEnumerable<string>> prefixes)
    {
        FixtureKinds.Known.ShouldContain(kind);
        var folders = FixtureFolders.OfKind(kind).Where(folder => FixtureKinds.Of(folder.Name) == kind).ToList();
        FixtureFolders.RequireKind(folders.Count == 0, kind);
        var failures = new List<string>();
        foreach (var (folder, prefix) in folders.SelectMany(folder => prefixes(folder).Select(prefix => (folder, prefix))))
        {
            try
            {
                using var scope = NewDisposeScope();
                var found = new ParityCase(folder, prefix);
                reproduce(found);
                failures.AddRange(found.Expected.Failures().Select(failure => $"{folder.Name} {prefix}: {failure}"));
            }
            catch (Exception error) when (error is not SkipException)
            {
                failures.Add($"{folder.Name}: {error}");
            }
        }

        failures.ShouldBeEmpty($"{failures.Count} differences:{Environment.NewLine}{string.Join(Environment.NewLine, failures.Take(40))}");
    }

    /// <summary>All tensors of one file of a folder, scalars as shape <c>[]</c>, in the types they are stored in.</summary>
    public static Dictionary<string, Tensor> Load(FixtureFolder folder, string file)
    {
        using var source = SafetensorsFile.Open(folder.File(file));
        return source.ReadTensors();
    }
}
