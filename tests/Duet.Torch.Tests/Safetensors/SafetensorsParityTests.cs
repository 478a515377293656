// Every safetensors file of the fixtures opens, and comes out the same after writing it again.
using Duet.Torch.Safetensors;

namespace Duet.Torch.Tests.Safetensors;

public sealed class SafetensorsParityTests
{
    [SkippableFact]
    public void Fixture_files_open_and_survive_a_round_trip()
    {
        var roots = FixtureRoots();
        string[] files =
        [
            .. roots.Where(Directory.Exists).SelectMany(root => Directory.GetFiles(root, "*.safetensors", SearchOption.AllDirectories)),
        ];
        if (files.Length == 0)
        {
            var message = $"No fixtures under {string.Join(", ", roots)}; set DUET_FIXTURES to their folder.";
            Environment.GetEnvironmentVariable("CI").ShouldNotBe("true", message);
            Skip.If(true, message);
        }

        using var folder = new TemporaryFolder();
        foreach (var path in files)
        {
            using var source = SafetensorsFile.Open(path);
            var writer = new SafetensorsWriter();
            foreach (var entry in source.Entries)
            {
                writer.Add(entry.Name, entry.Type, entry.Shape, source.Address(entry.Name));
            }

            writer.Write(folder.File("copy"));
            using var copy = SafetensorsFile.Open(folder.File("copy"));
            copy.Entries.Count.ShouldBe(source.Entries.Count, path);
            foreach (var entry in source.Entries)
            {
                copy.Get(entry.Name).ToString().ShouldBe(entry.ToString());
                copy.Bytes(entry.Name).SequenceEqual(source.Bytes(entry.Name)).ShouldBeTrue($"{path}: {entry}");
            }
        }
    }

    private static string[] FixtureRoots()
    {
        if (Environment.GetEnvironmentVariable("DUET_FIXTURES") is { Length: > 0 } roots)
        {
            return roots.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        }

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Duet.slnx")))
        {
            folder = folder.Parent;
        }

        var shared = Path.GetFullPath(Path.Combine(folder?.FullName ?? AppContext.BaseDirectory, "..", "shared"));
        return [Path.Combine(shared, "fixtures"), Path.Combine(shared, "fixtures-more")];
    }
}
