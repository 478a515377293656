// CSharpier lays out every source file (`dotnet csharpier format .`), and continuous integration checks it. What CSharpier cannot break,
// comments and strings, is held to the same 140 columns here.
using Duet.Tests.Fixtures;

namespace Duet.Tests;

public sealed class LayoutTests
{
    private const int MaxColumns = 140;

    public static TheoryData<string> Folders => ["src", "samples", "benchmarks"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void No_line_is_longer_than_140_columns(string folder)
    {
        var files = Sources(Path.Combine(FixtureFolders.RepositoryRoot, folder)).ToList();
        files.ShouldNotBeEmpty();
        var tooLong =
            from file in files
            from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
            where line.Text.Length > MaxColumns && !IsData(line.Text)
            select $"{Path.GetRelativePath(FixtureFolders.RepositoryRoot, file)}:{line.Number} has {line.Text.Length} columns";
        tooLong.ShouldBeEmpty();
    }

    // A pattern or a document as a whole reads no better in pieces.
    private static bool IsData(string line) =>
        line.Contains("@\"", StringComparison.Ordinal) || line.Contains("\"\"\"", StringComparison.Ordinal);

    private static IEnumerable<string> Sources(string folder) =>
        Directory
            .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file =>
                !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            );
}
