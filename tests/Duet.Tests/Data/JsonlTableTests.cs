// JSONL tables: value kinds, wrong lines, limits, and the same products as from CSV.
using System.Text.Json;
using Duet.Data;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Data;

public sealed class JsonlTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_list_where_one_label_is_expected_stays_a_list()
    {
        _folder.Write(
            "lists.jsonl",
            """
            {"title": "a", "color": ["blue", "ring"], "tags": ["x", "y"]}
            {"title": "b", "color": ["röd"], "tags": []}
            """
        );
        var table = new TableOptions
        {
            Path = _folder["lists.jsonl"],
            TextColumns = ["title"],
            Tasks = [TaskColumn.Single("color"), TaskColumn.Multi("tags")],
        };
        ProductTable
            .Open(table)
            .Read(new Quarantine())
            .Select(product => product.Labels)
            .ShouldBe([
                ["""["blue","ring"]""", "x|y"],
                ["röd", null],
            ]);
    }

    [Fact]
    public void Any_text_is_read_back()
    {
        Prop.ForAll(
                ArbMap.Default.ArbFor<NonEmptyArray<NonNull<string>>>(),
                texts =>
                {
                    var expected = texts.Get.Select(text => "x" + text.Get).Where(IsWellFormed).Append("last").ToArray();
                    _folder.Write(
                        "t.jsonl",
                        "\ufeff" + string.Join("\r\n", expected.Select(text => JsonSerializer.Serialize(new { text })))
                    );
                    Read(Options()).Products.Select(product => product.Text).ShouldBe(expected);
                }
            )
            .CheckSeeded();
    }

    [Fact]
    public void Values_may_be_numbers_booleans_null_and_arrays()
    {
        _folder.Write(
            "t.jsonl",
            """
            {"id": 7, "text": "a", "image": ["x.jpg", "y.jpg"], "tags": ["red", "blue"], "ok": true}
            {"id": null, "text": 12.50, "tags": null}
            {"text": "c", "tags": "red|green", "ok": false}
            """
        );
        var (products, quarantine) = Read(
            Options() with
            {
                ImageColumns = ["image"],
                Tasks = [TaskColumn.Multi("tags"), TaskColumn.Single("ok")],
            }
        );
        quarantine.Count.ShouldBe(0);
        products.Select(product => product.Id).ShouldBe(["7", "2", "3"]);
        products.Select(product => product.Text).ShouldBe(["a", "12.50", "c"]);
        products[0].Images.Count.ShouldBe(2);
        products.Select(product => product.Labels[0]).ShouldBe(["red|blue", null, "red|green"]);
        products.Select(product => product.Labels[1]).ShouldBe(["true", null, "false"]);
    }

    [Fact]
    public void A_label_that_holds_the_separator_is_not_torn()
    {
        _folder.Write("t.jsonl", "{\"text\":\"a\",\"tags\":[\"x|y\",\"z\"]}\n{\"text\":\"b\",\"tags\":[\"x\",\"z\"]}\n");
        var (products, quarantine) = Read(Options() with { Tasks = [TaskColumn.Multi("tags")] });
        products.ShouldHaveSingleItem().Text.ShouldBe("b");
        quarantine.Entries.ShouldHaveSingleItem().Detail.ShouldContain("'tags'");
        Read(Options() with { Tasks = [TaskColumn.Multi("tags", ";")] }).Products[0].Labels[0].ShouldBe("x|y;z");
    }

    [Fact]
    public void Wrong_lines_are_set_aside_and_reading_goes_on()
    {
        var huge = new string('z', 200_000);
        byte[] content =
        [
            .. "{\"text\":\"a\"}\n\nnot json\n[1]\n{\"text\":{\"deep\":1}}\n{\"text\":\"\\ud800\"}\n"u8,
            .. "{\"text\":\""u8,
            0xFF,
            .. "\"}\n"u8,
            .. System.Text.Encoding.UTF8.GetBytes($"{{\"text\":\"{huge}\"}}\n{{\"text\":\"{huge[..2000]}\"}}\n"),
            .. "{\"text\":\"a\",\"text\":\"b\"}\n{\"text\":\"end\"}"u8,
        ];
        _folder.Write("t.jsonl", content);
        var (products, quarantine) = Read(
            Options() with
            {
                Limits = new TableLimits { MaxRowBytes = 100_000, MaxFieldBytes = 1000 },
            }
        );
        products.Select(product => (product.Row, product.Text)).ShouldBe([(1, "a"), (6, "\ufffd"), (11, "end")]);
        quarantine
            .Entries.Select(entry => (entry.Row, entry.Reason))
            .ShouldBe([
                (3, QuarantineReason.MalformedRow),
                (4, QuarantineReason.MalformedRow),
                (5, QuarantineReason.MalformedRow),
                (7, QuarantineReason.InvalidEncoding),
                (8, QuarantineReason.FieldTooLarge),
                (9, QuarantineReason.FieldTooLarge),
                (10, QuarantineReason.MalformedRow),
            ]);
    }

    [Fact]
    public void Keys_that_are_no_text_are_told_and_cost_their_row_alone()
    {
        byte[] content =
        [
            .. "{\"te"u8,
            0xFF,
            .. "xt\":\"a\"}\n"u8,
            .. "{\"\\ud800\":\"a\",\"text\":\"b\"}\n"u8,
            .. "{\"\\udc00\":\"alone\"}\n"u8,
            .. "{\"text\":\"c\"}\n"u8,
        ];
        _folder.Write("t.jsonl", content);
        var (products, quarantine) = Read(Options());
        products.Select(product => (product.Row, product.Text)).ShouldBe([(4, "c")]);
        quarantine
            .Entries.Select(entry => (entry.Row, entry.Reason))
            .ShouldBe([(1, QuarantineReason.InvalidEncoding), (2, QuarantineReason.MalformedRow), (3, QuarantineReason.MalformedRow)]);
    }

    [Theory]
    [InlineData("""hat \ud83d""", "hat \ufffd")]
    [InlineData("""\udc00 \uD83D\uDE00 \ud83dx""", "\ufffd \U0001F600 \ufffdx")]
    [InlineData("""\\ud83d \"\ud83d\"\n""", "\\ud83d \"\ufffd\"\n")]
    public void Half_of_a_surrogate_pair_is_repaired(string json, string expected)
    {
        _folder.Write("t.jsonl", $"{{\"text\":\"{json}\"}}\n");
        var (products, quarantine) = Read(Options());
        quarantine.Count.ShouldBe(0);
        products.ShouldHaveSingleItem().Text.ShouldBe(expected);
    }

    [Theory]
    [InlineData("[{\"text\":\"a\"},{\"text\":\"b\"}]", "is one JSON document")]
    [InlineData("\n[\n{\"text\":\"a\"},\n{\"text\":\"b\"}\n]", "is one JSON document")]
    [InlineData("{\n \"text\": \"a\"\n}\n{\n \"text\": \"b\"\n}\n", "is one JSON document")]
    [InlineData("{\"text\":\"a\"},\n{\"text\":\"b\"},\n", "line 1: there is a comma after the object")]
    [InlineData("{'text':'a'}\n{'text':'b'}\n", "line 1: invalid JSON")]
    public void Json_that_is_no_json_lines_is_told_as_what_it_is(string content, string expected)
    {
        _folder.Write("t.jsonl", content);
        var error = Should.Throw<TableException>(() => Read(Options()));
        error.Message.ShouldContain(expected);
        error.Message.ShouldNotContain("header");
    }

    [Fact]
    public void A_key_that_no_row_has_is_a_missing_column()
    {
        _folder.Write("t.jsonl", "{\"title\":\"a\"}\n{\"title\":\"b\",\"extra\":1}\n");
        Should
            .Throw<TableException>(() => Read(Options() with { TextColumns = ["titles"] }))
            .Message.ShouldContain("Did you mean 'title'?");
        Read(Options() with { TextColumns = ["title", "extra"] }).Products.Select(product => product.Text).ShouldBe(["a", "b 1"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    public void An_empty_table_is_an_error(string content)
    {
        _folder.Write("t.jsonl", content);
        Should.Throw<TableException>(() => Read(Options())).Message.ShouldContain("no rows");
    }

    private static bool IsWellFormed(string text) => !text.EnumerateRunes().Contains(System.Text.Rune.ReplacementChar);

    private TableOptions Options() => new() { Path = _folder["t.jsonl"], TextColumns = ["text"] };

    private static (List<Product> Products, Quarantine Quarantine) Read(TableOptions options)
    {
        var quarantine = new Quarantine();
        return ([.. ProductTable.Open(options).Read(quarantine)], quarantine);
    }
}
