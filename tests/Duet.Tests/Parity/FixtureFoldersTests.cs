// A fixtures root that is mistyped, or a folder that cannot be read, must not look like a passed comparison.
using Duet.Tests.Data;
using Duet.Tests.Fixtures;

namespace Duet.Tests.Parity;

public sealed class FixtureFoldersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_chosen_root_must_be_a_folder()
    {
        FixtureFolders.Locate(_folder.Path, "/nowhere").ShouldBe([_folder.Path]);
        _folder.Write("more/bert/config.json", "{}");
        var both = string.Join(Path.PathSeparator, _folder.Path, _folder["more"]);
        FixtureFolders.Locate(both, "/nowhere").ShouldBe([_folder.Path, _folder["more"]]);
        Should
            .Throw<InvalidOperationException>(() => FixtureFolders.Locate(both + Path.PathSeparator + _folder["mistyped"], _folder.Path))
            .Message.ShouldContain("mistyped");
        Should
            .Throw<InvalidOperationException>(() => FixtureFolders.Locate(_folder["mistyped"], _folder.Path))
            .Message.ShouldContain("mistyped");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_choice_the_usual_roots_may_be_absent(string? chosen)
    {
        FixtureFolders.Locate(chosen, _folder["none"]).ShouldBeEmpty();
        FixtureFolders.Locate(chosen, _folder.Path, _folder["none"]).ShouldBe([_folder.Path]);
    }

    [Fact]
    public void A_folder_without_configuration_is_named()
    {
        _folder.Write("bert-2/config.json", "{}");
        _folder.Write("bertha/config.json", "{}");
        FixtureFolders.List(_folder.Path, "bert").Select(folder => folder.Name).ShouldBe(["bert-2"]);
        _folder.Write("bert-3/weights.safetensors", "");
        Should.Throw<InvalidOperationException>(() => FixtureFolders.List(_folder.Path, "bert")).Message.ShouldContain("bert-3");
        FixtureFolders.List(_folder.Path, "vit").ShouldBeEmpty();
    }

    [Fact]
    public void What_must_be_there_fails_and_what_need_not_be_skips()
    {
        FixtureFolders.Require(missing: false, "nothing", mustBeThere: true);
        Should.Throw<SkipException>(() => FixtureFolders.Require(missing: true, "no folder", mustBeThere: false));
        Should
            .Throw<InvalidOperationException>(() => FixtureFolders.Require(missing: true, "no folder", mustBeThere: true))
            .Message.ShouldContain("no folder");
    }
}
