// What counts as lost, how much of it is accepted, and the words for it.
using Duet.Data;
using Duet.Models;

namespace Duet.Tests.Data;

public sealed class LossLimitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 0.05, 5, true)]
    [InlineData(0, 0.05, 6, false)]
    [InlineData(30, 0.05, 35, true)]
    [InlineData(30, 0.05, 36, false)]
    [InlineData(0, 0, 0, true)]
    [InlineData(0, 0, 1, false)]
    [InlineData(0, 1, 100, true)]
    public void So_much_may_be_lost_beyond_what_training_lost(int training, double limit, int lost, bool allowed)
    {
        var before = new LossCount(100, training);
        var now = new LossCount(100, lost);
        new LossLimit { MaxLost = limit, Training = new Losses(before, default) }
            .Allows(new Losses(now, default))
            .ShouldBe(allowed);
        new LossLimit { MaxLost = limit, Training = new Losses(default(LossCount), before) }
            .Allows(new Losses(default(LossCount), now))
            .ShouldBe(allowed);
    }

    [Fact]
    public void A_limit_is_a_share_and_nothing_lost_is_no_sentence()
    {
        foreach (var wrong in new[] { -0.1, 1.1, double.NaN })
        {
            Should.Throw<OptionException>(() => new LossLimit { MaxLost = wrong }.Validate()).Message.ShouldStartWith("MaxLost is ");
        }

        new LossLimit().Sentence(Losses.None).ShouldBeNull();
        new LossLimit { Training = new Losses(new LossCount(1000, 25), default) }
            .Sentence(new Losses(new LossCount(200, 6), new LossCount(10_000, 1)))
            .ShouldBe(
                "Lost: pictures missing under 0.1 % (1 of 10000); rows lost 3 % (6 of 200; in training 2.5 %); at most 5 % more than "
                    + "in training may be lost (--max-lost)."
            );
    }

    [Theory]
    [InlineData("a.jpg;b.jpg", true)]
    [InlineData("a.jpg|b.jpg|", true)]
    [InlineData("img/a b.jpg, img/c.PNG", true)]
    [InlineData("a.jpg b.jpg", true)]
    [InlineData("""["a.jpg", "b.jpg"]""", true)]
    [InlineData("['a.jpg']", true)]
    [InlineData("https://x.y/a.jpg?w=1;https://x.y/b.jpg?w=2", true)]
    [InlineData("https://x.y/a.jpg", false)]
    [InlineData("a,b.jpg", false)]
    [InlineData("red hat; blue.jpg", false)]
    [InlineData("[new] hat", false)]
    [InlineData("a.jpg;", false)]
    public void A_cell_may_look_like_a_list_of_pictures(string cell, bool expected) => PictureList.Looks(cell).ShouldBe(expected);

    [Fact]
    public void A_list_of_pictures_is_refused_unless_a_file_has_that_name()
    {
        _folder.Write("a.jpg;b.jpg", "a picture");
        _folder.Write("t.csv", "image,text\na.jpg;b.jpg,one\nc.jpg;d.jpg,two\n,three\nc.jpg;d.jpg,\n");
        var quarantine = new Quarantine();
        var products = ProductTable
            .Open(
                new TableOptions
                {
                    Path = _folder["t.csv"],
                    ImageColumns = ["image"],
                    TextColumns = ["text"],
                }
            )
            .Read(quarantine)
            .ToList();
        products.Select(product => product.Images.Count).ShouldBe([1, 0, 0]);
        quarantine
            .Entries.Select(entry => (entry.Row, entry.Reason, entry.RowRefused))
            .ShouldBe([(2, QuarantineReason.ImageList, false), (4, QuarantineReason.ImageList, true)]);
        quarantine.Losses.Rows.ShouldBe(new LossCount(4, 1));
    }

    [Fact]
    public void Empty_cells_and_placeholders_are_no_loss()
    {
        var quarantine = new Quarantine();
        _folder.Write("t.csv", "image,text\n,one\n,\n,\n,two\n");
        ProductTable
            .Open(
                new TableOptions
                {
                    Path = _folder["t.csv"],
                    ImageColumns = ["image"],
                    TextColumns = ["text"],
                }
            )
            .Read(quarantine)
            .Count()
            .ShouldBe(2);
        quarantine.RefusedRows.ShouldBe(2);
        quarantine.Losses.ShouldBe(new Losses(new LossCount(4, 0), default));
        new LossLimit { MaxLost = 0 }.Check(quarantine, "t.csv");
    }

    [Fact]
    public void A_stop_names_shares_reasons_examples_and_remedies()
    {
        var rows = Enumerable
            .Range(0, 30)
            .Select(i =>
                i switch
                {
                    < 9 => $"{i},\"open",
                    < 13 => $"{i},too,many",
                    13 => $"{i}",
                    _ => $"{i},fine",
                }
            );
        _folder.Write("t.csv", "id,text\n" + string.Join('\n', rows) + "\n");
        var quarantine = new Quarantine();
        _ = ProductTable.Open(new TableOptions { Path = _folder["t.csv"], TextColumns = ["text"] }).Read(quarantine).ToList();
        var stop = Should.Throw<TooMuchLostException>(() => new LossLimit().Check(quarantine, "t.csv"));
        stop.Losses!.Rows.ShouldBe(new LossCount(30, 14));
        var lines = stop.Message.Split('\n');
        lines[0].ShouldBe("t.csv: rows lost 46.7 % (14 of 30). At most 5 % may be lost (--max-lost), so the job stops.");
        lines[1].ShouldStartWith("  9 x malformed_row, for instance row 1: line 2: ");
        lines[2].ShouldStartWith("  5 x field_count, for instance row 10: line 11: 3 fields where 2 are expected");
        lines[^1].ShouldContain("--delimiter");
        lines[^1].ShouldEndWith("Or accept the loss with --max-lost 1 (MaxLost in C#).");
    }

    [Fact]
    public void Losses_are_kept_as_json_and_a_run_without_them_lost_nothing()
    {
        Losses.Load(_folder["losses.json"]).ShouldBe(Losses.None);
        var losses = new Losses(new LossCount(10, 2), new LossCount(7, 0));
        losses.Save(_folder["losses.json"]);
        Losses.Load(_folder["losses.json"]).ShouldBe(losses);
        foreach (var damaged in new[] { "{", "null", "{\"rows\":{\"seen\":1,\"lost\":2}}" })
        {
            _folder.Write("losses.json", damaged);
            Should.Throw<TableException>(() => Losses.Load(_folder["losses.json"])).Message.ShouldContain("losses.json is damaged");
        }
    }
}
