// The page that sets CMA-CLIP's paper beside its code shows the code as it is.
using Duet.Tests.Fixtures;

namespace Duet.Tests.Models;

public sealed class CmaClipPageTests
{
    [Fact]
    public void Every_quoted_line_is_in_the_source()
    {
        var root = FixtureFolders.RepositoryRoot;
        var page = File.ReadAllText(Path.Combine(root, "docs", "understand", "cma-clip.md"));
        var source = File.ReadAllLines(Path.Combine(root, "src", "Duet.Models", "CmaClip", "CmaClip.cs"))
            .Select(line => line.Trim())
            .ToHashSet();
        var quoted = page.Split("```csharp\n")
            .Skip(1)
            .SelectMany(part => part[..part.IndexOf("```", StringComparison.Ordinal)].Split('\n'));
        string[] lines = [.. quoted.Select(line => line.Trim()).Where(line => line.Length > 0)];
        lines.Length.ShouldBeGreaterThan(7);
        lines.Where(line => !source.Contains(line)).ShouldBeEmpty();
    }
}
