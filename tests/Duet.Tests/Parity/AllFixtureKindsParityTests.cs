// A folder nobody compares would be silent: every folder under the fixtures' roots is of a known kind.
using Duet.Tests.Fixtures;

namespace Duet.Tests.Parity;

public sealed class AllFixtureKindsParityTests
{
    [SkippableFact]
    public void Every_folder_is_of_a_known_kind()
    {
        var roots = FixtureFolders.Roots;
        FixtureFolders.SkipOrFail(roots.Count == 0, "there is no fixtures root (set DUET_FIXTURES)");
        var names = roots.SelectMany(Directory.EnumerateDirectories).Select(folder => Path.GetFileName(folder)!).ToList();
        names.ShouldNotBeEmpty($"'{string.Join("', '", roots)}' hold no folder, so that nothing would be compared");
        names.Where(name => FixtureKinds.Of(name) is null).ShouldBeEmpty("these folders are of no kind that any parity test compares");
    }

    [Theory]
    [InlineData("bert", "bert")]
    [InlineData("bert-2", "bert")]
    [InlineData("bert-wordpiece-2", "bert-wordpiece")]
    [InlineData("vit_other", "vit")]
    [InlineData("perceiver-io-image", "perceiver-io-image")]
    [InlineData("siglip-2", "siglip")]
    [InlineData("siglip2-2", "siglip2")]
    [InlineData("siglip-tokenizer-2", "siglip-tokenizer")]
    [InlineData("open-clip-siglip-2", "open-clip-siglip")]
    [InlineData("vitamin", null)]
    public void The_longest_kind_wins(string folder, string? kind) => FixtureKinds.Of(folder).ShouldBe(kind);
}
