// Tables that are not UTF-8, and files that are no table of the kind that their name says.
using System.IO.Compression;
using System.Text;
using Duet.Data;
using Duet.Models;

namespace Duet.Tests.Data;

public sealed class TableEncodingTests : IDisposable
{
    private const string Text = "id,título,label\n1,béret,a\n2,\"deux\nlignes é\",b\n3,\"never closed é,a\n4,öäü €,b\n";

    private static readonly Encoding Western = CodePagesEncodingProvider.Instance.GetEncoding("windows-1252")!;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("windows-1252")]
    [InlineData("iso-8859-15")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("UTF-8")]
    [InlineData("gb18030")]
    public void A_named_encoding_is_read_as_utf8_would_be(string name)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        _folder.Write("t.csv", [.. encoding.Preamble, .. encoding.GetBytes(Text)]);
        var options = new TableOptions
        {
            Path = _folder["t.csv"],
            TextColumns = ["título"],
            Encoding = name,
        };
        var (products, quarantine) = Read(options);
        products.Select(product => product.Text).ShouldBe(["béret", "deux\nlignes é", "öäü €"]);
        quarantine.Entries.ShouldHaveSingleItem().Reason.ShouldBe(QuarantineReason.MalformedRow);

        _folder.Write("t.jsonl", encoding.GetBytes("{\"título\":\"béret\"}\n{\"título\":\"€\"}\n"));
        Read(options with { Path = _folder["t.jsonl"] }).Products.Select(product => product.Text).ShouldBe(["béret", "€"]);
    }

    [Fact]
    public void Bytes_that_look_western_are_named_and_others_are_not()
    {
        _folder.Write("t.csv", [.. "id,text\n1,"u8, .. Western.GetBytes("un béret d'été\n2,ok\n")]);
        var (products, quarantine) = Read(new TableOptions { Path = _folder["t.csv"], TextColumns = ["text"] });
        products.ShouldHaveSingleItem().Id.ShouldBe("2");
        quarantine.Entries[0].Detail.ShouldContain("column 'text' is not UTF-8, looks like windows-1252: --encoding windows-1252");

        var cyrillic = CodePagesEncodingProvider.Instance.GetEncoding("windows-1251")!;
        _folder.Write(
            "t.jsonl",
            [.. "{\"text\":\""u8, .. cyrillic.GetBytes("Мъжка риза и още нещо дълго"), .. "\"}\n{\"text\":\"a\"}\n"u8]
        );
        Read(new TableOptions { Path = _folder["t.jsonl"], TextColumns = ["text"] })
            .Quarantine.Entries[0]
            .Detail.ShouldContain("name its encoding");
        var japanese = CodePagesEncodingProvider.Instance.GetEncoding("shift_jis")!;
        _folder.Write("t.csv", [.. "id,text\n1,"u8, .. japanese.GetBytes("Nike Running Shoes ドレス 赤い large size new"), .. "\n"u8]);
        Read(new TableOptions { Path = _folder["t.csv"], TextColumns = ["text"] })
            .Quarantine.Entries[0]
            .Detail.ShouldContain("name its encoding");
        _folder.Write("t.csv", [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes("id,text\n1,a\n")]);
        Should
            .Throw<TableException>(() => Read(new TableOptions { Path = _folder["t.csv"], TextColumns = ["text"] }))
            .Message.ShouldContain("--encoding utf-32");
        Read(
            new TableOptions
            {
                Path = _folder["t.csv"],
                TextColumns = ["text"],
                Encoding = "utf-32",
            }
        )
            .Products.ShouldHaveSingleItem()
            .Text.ShouldBe("a");
    }

    [Theory]
    [InlineData("us-ascii", 0xE9)]
    [InlineData("gb18030", 0xFF)]
    public void What_the_encoding_does_not_have_costs_its_row_and_is_not_changed_in_silence(string name, byte unknown)
    {
        _folder.Write("t.csv", [.. "id,text\n1,ok\n2,no"u8, unknown, .. " text\n3,ok\n"u8]);
        var (products, quarantine) = Read(
            new TableOptions
            {
                Path = _folder["t.csv"],
                TextColumns = ["text"],
                Encoding = name,
            }
        );
        products.Select(product => product.Id).ShouldBe(["1", "3"]);
        quarantine.Entries.ShouldHaveSingleItem().Detail.ShouldContain($"not {name}");
    }

    [Fact]
    public void A_wrong_header_and_an_unknown_encoding_are_told()
    {
        _folder.Write("t.csv", Western.GetBytes(Text));
        Should
            .Throw<TableException>(() => Read(new TableOptions { Path = _folder["t.csv"], TextColumns = ["título"] }))
            .Message.ShouldContain("--encoding");
        Should
            .Throw<OptionException>(() =>
                Read(
                    new TableOptions
                    {
                        Path = _folder["t.csv"],
                        TextColumns = ["id"],
                        Encoding = "windows-9",
                    }
                )
            )
            .Message.ShouldContain("windows-9");
    }

    [Fact]
    public void A_compressed_table_is_told_whatever_its_name()
    {
        using (var file = File.Create(_folder["t.csv"]))
        using (var zip = new GZipStream(file, CompressionLevel.Fastest))
        {
            zip.Write("id,text\n1,a\n"u8);
        }

        Should
            .Throw<TableException>(() => Read(new TableOptions { Path = _folder["t.csv"], TextColumns = ["text"] }))
            .Message.ShouldContain("is compressed (gzip)");
        File.Copy(_folder["t.csv"], _folder["t.jsonl"]);
        Should
            .Throw<TableException>(() => Read(new TableOptions { Path = _folder["t.jsonl"], TextColumns = ["text"] }))
            .Message.ShouldContain("gunzip");
        _folder.Write("book.csv", "PK\u0003\u0004 and so on");
        Should
            .Throw<TableException>(() => Read(new TableOptions { Path = _folder["book.csv"], TextColumns = ["text"] }))
            .Message.ShouldContain("ZIP");
        _folder.Write("wide.csv", Encoding.Unicode.GetBytes("id,text\n1,a\n"));
        Should
            .Throw<TableException>(() => Read(new TableOptions { Path = _folder["wide.csv"], TextColumns = ["text"] }))
            .Message.ShouldContain("zero bytes");
    }

    [Theory]
    [InlineData("p.xlsx", "is a workbook (.xlsx)")]
    [InlineData("p.json", "is .json, which is not read")]
    [InlineData("p.parquet", "is .parquet, which is not read")]
    [InlineData("p.csv.gz", "unpack it first")]
    [InlineData("p.dat", "has the extension .dat")]
    [InlineData("p", "has no extension")]
    public void A_file_of_another_kind_is_named_as_what_it_is(string name, string expected)
    {
        _folder.Write(name, "x");
        var error = Should.Throw<TableException>(() => Read(new TableOptions { Path = _folder[name], TextColumns = ["text"] })).Message;
        error.ShouldContain(expected);
        error.ShouldNotContain("state the format");
    }

    private static (List<Product> Products, Quarantine Quarantine) Read(TableOptions options)
    {
        var quarantine = new Quarantine();
        return ([.. ProductTable.Open(options).Read(quarantine)], quarantine);
    }
}
