// Picture paths must stay in the table's folder.
using Duet.Data;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Data;

public sealed class ImagePathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _outside = new();

    public void Dispose()
    {
        _folder.Dispose();
        _outside.Dispose();
    }

    [Theory]
    [InlineData("../secret.jpg")]
    [InlineData("images/../../secret.jpg")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\secret.jpg")]
    [InlineData("\\\\host\\share\\a.jpg")]
    [InlineData("..\\secret.jpg")]
    [InlineData("https://example.com/a.jpg")]
    [InlineData("file:///etc/passwd")]
    [InlineData("a\0.jpg")]
    public void Paths_that_lead_out_are_refused(string path)
    {
        new ImagePathResolver(_folder.Path).TryResolve(path, out var full, out var problem).ShouldBeFalse();
        full.ShouldBeEmpty();
        problem.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("a.jpg", "a.jpg")]
    [InlineData("images/a b.jpg", "images/a b.jpg")]
    [InlineData("images\\a.jpg", "images/a.jpg")]
    [InlineData("./images/../a.jpg", "a.jpg")]
    [InlineData("..a.jpg", "..a.jpg")]
    public void Paths_that_stay_inside_are_resolved(string path, string expected)
    {
        new ImagePathResolver(_folder.Path).TryResolve(path, out var full, out _).ShouldBeTrue();
        full.ShouldBe(_folder[expected]);
    }

    [Fact]
    public void No_path_of_any_parts_resolves_outside()
    {
        Directory.CreateSymbolicLink(_folder["out"], _outside.Path);
        Directory.CreateSymbolicLink(_folder["up"], "..");
        Directory.CreateDirectory(_folder["in"]);
        var resolver = new ImagePathResolver(_folder.Path);
        var paths = Gen.NonEmptyListOf(Gen.Elements("..", ".", "in", "out", "up", "a.jpg", "", "/", "\\"))
            .Select(parts => string.Join('/', parts) + "x")
            .ToArbitrary();
        Prop.ForAll(
                paths,
                path =>
                {
                    if (resolver.TryResolve(path, out var full, out _))
                    {
                        full.ShouldStartWith(_folder.Path + "/");
                        full.ShouldNotStartWith(_folder["out/"]);
                        full.ShouldNotStartWith(_folder["up/"]);
                    }
                }
            )
            .CheckSeeded();
    }

    [Fact]
    public void Links_out_of_the_folder_are_refused_unless_their_target_is_allowed()
    {
        _outside.Write("a.jpg", "x");
        _folder.Write("real/b.jpg", "x");
        Directory.CreateSymbolicLink(_folder["images"], _outside.Path);
        File.CreateSymbolicLink(_folder["c.jpg"], _outside["a.jpg"]);
        File.CreateSymbolicLink(_folder["d.jpg"], "real/b.jpg");
        File.CreateSymbolicLink(_folder["e.jpg"], "c.jpg");
        File.CreateSymbolicLink(_folder["loop"], "loop");
        var strict = new ImagePathResolver(_folder.Path);
        foreach (var name in new[] { "images/a.jpg", "c.jpg", "e.jpg", "loop/x.jpg", "loop" })
        {
            strict.TryResolve(name, out _, out _).ShouldBeFalse(name);
        }

        strict.TryResolve("d.jpg", out _, out _).ShouldBeTrue();
        var open = new ImagePathResolver(_folder.Path, [_outside.Path]);
        open.TryResolve("images/a.jpg", out var full, out _).ShouldBeTrue();
        full.ShouldBe(_folder["images/a.jpg"]);
    }

    [Fact]
    public void A_refused_path_is_quarantined_and_the_product_goes_on_with_its_text()
    {
        _folder.Write("t.csv", "id,image,text\n1,../a.jpg,shoe\n2,/etc/passwd,\n3,ok.jpg,\n");
        var quarantine = new Quarantine();
        var table = ProductTable.Open(
            new TableOptions
            {
                Path = _folder["t.csv"],
                ImageColumns = ["image"],
                TextColumns = ["text"],
            }
        );
        table.Read(quarantine).Select(product => product.Id).ShouldBe(["1", "3"]);
        quarantine
            .Entries.Select(entry => (entry.Id, entry.File, entry.Reason, entry.RowRefused))
            .ShouldBe([
                ("1", "../a.jpg", QuarantineReason.ImagePathRefused, false),
                ("2", "/etc/passwd", QuarantineReason.ImagePathRefused, true),
                ("3", _folder["t.csv"], QuarantineReason.EmptyText, false),
            ]);
        quarantine.RefusedRows.ShouldBe(1);
    }
}
