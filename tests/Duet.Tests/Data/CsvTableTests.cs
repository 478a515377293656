// CSV tables: round trips of any text, and one wrong row costing one row.
using System.Text;
using CsvHelper;
using Duet.Data;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Data;

public sealed class CsvTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_fields_written_as_csv_are_read_back()
    {
        var character = Gen.Elements('a', 'é', '"', ',', '\n', '\r', ';', ' ', '\t', '漢', '\'', '\\');
        var field = Gen.ArrayOf(character).Select(letters => "x" + new string(letters));
        var row = Gen.ArrayOf(field, 3);
        var tables = Gen.Zip(Gen.NonEmptyListOf(row), Gen.Zip(Gen.Elements("\n", "\r\n"), Gen.Elements(true, false))).ToArbitrary();
        Prop.ForAll(
                tables,
                table =>
                {
                    var (rows, (newLine, mark)) = table;
                    using (
                        var csv = CsvWriter.ToFile(_folder["t.csv"], new CsvWriterOptions { NewLine = newLine, WriteByteOrderMark = mark })
                    )
                    {
                        csv.WriteHeader("id", "text", "label");
                        foreach (var cells in rows)
                        {
                            csv.WriteRecord(cells);
                        }
                    }

                    var (products, quarantine) = Read(
                        new TableOptions
                        {
                            Path = _folder["t.csv"],
                            TextColumns = ["text"],
                            Tasks = [TaskColumn.Single("label")],
                        }
                    );
                    quarantine.Count.ShouldBe(0);
                    products.Select(product => product.Text).ShouldBe(rows.Select(cells => cells[1]));
                    products.Select(product => product.Id).ShouldBe(rows.Select(cells => cells[0].Trim()));
                    products.Select(product => product.Labels[0]).ShouldBe(rows.Select(cells => cells[2].Trim()));
                }
            )
            .CheckSeeded();
    }

    [Theory]
    [InlineData("4,\"never closed,b\n", QuarantineReason.MalformedRow)]
    [InlineData("4,\"closed\"early,b\n", QuarantineReason.MalformedRow)]
    [InlineData("4,too few\n", QuarantineReason.FieldCount)]
    [InlineData("4,too,many,fields\n", QuarantineReason.FieldCount)]
    public void A_wrong_row_costs_one_row(string wrong, QuarantineReason reason)
    {
        _folder.Write("t.csv", "id,text,label\n1,one,a\n\n2,5\" heel,b\n3,\"with\nbreak\",a\n" + wrong + "5,five,a\n6,six,b\n");
        var (products, quarantine) = Read(Options());
        products.Select(product => product.Text).ShouldBe(["one", "5\" heel", "with\nbreak", "five", "six"]);
        products.Select(product => product.Row).ShouldBe([1, 2, 3, 5, 6]);
        var entry = quarantine.Entries.ShouldHaveSingleItem();
        entry.Reason.ShouldBe(reason);
        entry.Row.ShouldBe(4);
        entry.RowRefused.ShouldBeTrue();
        entry.Detail.ShouldContain("line 7");
        entry.File.ShouldBe(_folder["t.csv"]);
    }

    [Fact]
    public void Unclosed_quotes_far_apart_do_not_swallow_the_rows_between()
    {
        var text = new StringBuilder("id,text,label\n");
        for (var i = 1; i <= 2000; i++)
        {
            text.Append(i is 500 or 1500 ? $"{i},\"open,a\n" : $"{i},text {i},a\n");
        }

        _folder.Write("t.csv", text.ToString());
        var (products, quarantine) = Read(Options());
        products.Count.ShouldBe(1998);
        quarantine.Entries.Select(entry => entry.Row).ShouldBe([500, 1500]);
    }

    [Fact]
    public void Oversized_fields_and_rows_are_set_aside_and_reading_goes_on()
    {
        var long1 = new string('x', 5_000);
        var long2 = new string('y', 500_000);
        _folder.Write("t.csv", $"id,text,label\n1,ok,a\n2,{long1},a\n3,{long2},a\n4,\"{long2}\",a\n5,ok,b\n");
        var (products, quarantine) = Read(
            Options() with
            {
                Limits = new TableLimits { MaxFieldBytes = 1000, MaxRowBytes = 20_000 },
            }
        );
        products.Select(product => product.Id).ShouldBe(["1", "5"]);
        quarantine.Counts[QuarantineReason.FieldTooLarge].ShouldBe(3);
        quarantine.Entries.Select(entry => entry.Row).ShouldBe([2, 3, 4]);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_set_aside()
    {
        _folder.Write("t.csv", [.. "id,text,label\n1,ok,a\n2,"u8, 0xE9, .. "t,a\n3,été,b\n"u8]);
        var (products, quarantine) = Read(Options());
        products.Select(product => product.Text).ShouldBe(["ok", "été"]);
        quarantine.Counts[QuarantineReason.InvalidEncoding].ShouldBe(1);
    }

    [Fact]
    public void A_missing_column_names_file_column_use_existing_columns_and_the_nearest()
    {
        _folder.Write("t.csv", "id,title,colour\n1,x,red\n");
        var error = Should.Throw<TableException>(() =>
            ProductTable.Open(new TableOptions { Path = _folder["t.csv"], TextColumns = ["Titel"] })
        );
        error.Column.ShouldBe("Titel");
        error.File.ShouldBe(_folder["t.csv"]);
        error.Message.ShouldContain("Did you mean 'title'?");
        error.Message.ShouldContain("id, title, colour");
        error.Message.ShouldContain("a text column");
    }

    [Theory]
    [InlineData("t.tsv", ';')]
    [InlineData("t.tsv", ',')]
    [InlineData("t.csv", ':')]
    [InlineData("t.csv", '^')]
    public void A_wrong_delimiter_is_guessed_in_the_message(string file, char sign)
    {
        _folder.Write(file, $"id{sign}title\n1{sign}x\n");
        var options = new TableOptions { Path = _folder[file], TextColumns = ["title"] };
        Should.Throw<TableException>(() => ProductTable.Open(options)).Message.ShouldContain($"--delimiter '{sign}'.");
        Read(options with { Delimiter = sign }).Products.ShouldHaveSingleItem().Text.ShouldBe("x");
    }

    [Fact]
    public void Of_two_signs_the_one_that_sets_the_column_apart_is_guessed()
    {
        _folder.Write("t.csv", "dc:id^dc:title\n1^x\n");
        Should
            .Throw<TableException>(() => ProductTable.Open(new TableOptions { Path = _folder["t.csv"], TextColumns = ["dc:title"] }))
            .Message.ShouldContain("--delimiter '^'.");
        Should
            .Throw<TableException>(() => ProductTable.Open(new TableOptions { Path = _folder["t.csv"], TextColumns = ["name"] }))
            .Message.ShouldContain("--delimiter ':'.");
    }

    [Theory]
    [InlineData("id;title", "1;x", "semicolons")]
    [InlineData("id\ttitle", "1\tx", "tabs")]
    [InlineData("id|title\r", "1|x\r", "bars")]
    [InlineData("\"id, or number\";title", "1;x", "semicolons")]
    public void A_header_without_a_comma_tells_the_delimiter(string header, string row, string said)
    {
        _folder.Write("t.csv", $"{header}\n{row}\n");
        var notes = new List<string>();
        Read(
            new TableOptions
            {
                Path = _folder["t.csv"],
                TextColumns = ["title"],
                Note = notes.Add,
            }
        )
            .Products.ShouldHaveSingleItem()
            .Text.ShouldBe("x");
        notes.ShouldHaveSingleItem().ShouldContain(said);
    }

    [Theory]
    [InlineData("title,a;b", "x,y")]
    [InlineData("title", "x")]
    [InlineData("title,a|b;c", "x,y")]
    public void A_header_with_commas_or_of_one_column_is_read_as_ever(string header, string row)
    {
        _folder.Write("t.csv", $"{header}\n{row}\n");
        Read(
            new TableOptions
            {
                Path = _folder["t.csv"],
                TextColumns = ["title"],
                Note = note => throw new InvalidOperationException(note),
            }
        )
            .Products.ShouldHaveSingleItem()
            .Text.ShouldBe("x");
    }

    [Theory]
    [InlineData("")]
    [InlineData("id,text,label\n")]
    [InlineData("id,text,label\n\n\n")]
    public void An_empty_table_is_an_error(string content)
    {
        _folder.Write("t.csv", content);
        Should.Throw<TableException>(() => Read(Options())).Message.ShouldContain("no rows");
    }

    [Fact]
    public void Missing_utf16_and_unknown_files_say_what_to_do()
    {
        Should.Throw<TableException>(() => Read(Options())).Message.ShouldContain("cannot be opened");
        _folder.Write("t.csv", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("id,text,label\n1,a,b\n")]);
        Should.Throw<TableException>(() => Read(Options())).Message.ShouldContain("--encoding utf-16");
        _folder.Write("t.xlsx", "PK");
        Should.Throw<TableException>(() => Read(Options() with { Path = _folder["t.xlsx"] })).Message.ShouldContain("is a workbook");
        _folder.Write("t.csv", "id,text,label,text\n1,a,b,c\n");
        Should.Throw<TableException>(() => Read(Options())).Message.ShouldContain("2 columns named 'text'");
    }

    [Fact]
    public void Limits_on_rows_and_columns_hold()
    {
        _folder.Write("t.csv", "id,text,label\n1,a,b\n2,a,b\n");
        Should
            .Throw<TableException>(() => Read(Options() with { Limits = new TableLimits { MaxRows = 1 } }))
            .Message.ShouldContain("MaxRows");
        Should
            .Throw<TableException>(() => Read(Options() with { Limits = new TableLimits { MaxColumns = 2 } }))
            .Message.ShouldContain("MaxColumns");
        Should
            .Throw<TableException>(() => Read(Options() with { Limits = new TableLimits { MaxRows = 0 } }))
            .Message.ShouldContain("between");
    }

    [Fact]
    public void Several_text_columns_are_joined_and_rows_without_anything_set_aside()
    {
        _folder.Write("t.tsv", "name\tdescription\tpicture\nShoe\tred\ta.jpg\n \t\t\n\tonly\t\n\t\tb.jpg\n");
        var (products, quarantine) = Read(
            new TableOptions
            {
                Path = _folder["t.tsv"],
                TextColumns = ["name", "description"],
                ImageColumns = ["picture"],
            }
        );
        products
            .Select(product => (product.Id, product.Text, product.Images.Count))
            .ShouldBe([("1", "Shoe red", 1), ("3", "only", 0), ("4", "", 1)]);
        products.Select(product => product.Title).ShouldBe(["Shoe", "", ""]);
        quarantine
            .Entries.Select(entry => (entry.Row, entry.Reason, entry.RowRefused))
            .ShouldBe([(2L, QuarantineReason.NothingToClassify, true), (4L, QuarantineReason.EmptyText, false)]);
    }

    [Fact]
    public void Labels_may_be_missing_and_task_columns_optional()
    {
        _folder.Write("t.csv", "id,text,label\n1,a, \n2,b, red \n");
        Read(Options()).Products.Select(product => product.Labels[0]).ShouldBe([null, "red"]);
        var options = Options() with { Tasks = [TaskColumn.Single("absent"), TaskColumn.Single("label")] };
        Should.Throw<TableException>(() => Read(options)).Message.ShouldContain("'absent'");
        Read(options with { TaskColumnsOptional = true }).Products[1].Labels.ShouldBe([null, "red"]);
    }

    private TableOptions Options() =>
        new()
        {
            Path = _folder["t.csv"],
            TextColumns = ["text"],
            Tasks = [TaskColumn.Single("label")],
        };

    private static (List<Product> Products, Quarantine Quarantine) Read(TableOptions options)
    {
        var quarantine = new Quarantine();
        return ([.. ProductTable.Open(options).Read(quarantine)], quarantine);
    }
}
