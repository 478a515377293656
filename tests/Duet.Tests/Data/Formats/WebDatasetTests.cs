// Tar shards: order, shuffling, going on, limits and damage.
using System.Formats.Tar;
using Duet.Data;
using Duet.Vision;

namespace Duet.Tests.Data.Formats;

public sealed class WebDatasetTests
{
    [Fact]
    public void Samples_become_rows_and_members_pictures()
    {
        using var folder = new TemporaryFolder();
        DataSetFolders.Shard(folder["train-000.tar"], 0, 5);
        DataSetFolders.Shard(folder["val-000.tar"], 5, 3);
        var products = Reading.All(folder.Path);
        products.Count.ShouldBe(8);
        products[6]
            .ShouldSatisfyAllConditions(
                product => product.Id.ShouldBe("set/00006"),
                product => product.Text.ShouldBe("title 6 é"),
                product => product.Labels.ShouldBe(["0"]),
                product => product.Split.ShouldBe("val")
            );
        var expected = new ImageDecoder().Decode(DataSetFolders.Jpeg(6), "6");
        new ImageDecoder().Decode(products[6].Images[0]).Pixels.ShouldBe(expected.Pixels);

        var table = ProductTable.Open(
            new TableOptions
            {
                Path = folder.Path,
                TextColumns = ["text"],
                Tasks = [TaskColumn.Single("color"), TaskColumn.Multi("tags")],
            }
        );
        table.Read(new Quarantine()).ElementAt(1).Labels.ShouldBe(["blue", "a|b1"]);
    }

    [Fact]
    public void Equal_members_are_one_group()
    {
        using var folder = new TemporaryFolder();
        DataSetFolders.Shard(folder["a.tar"], 0, 3);
        DataSetFolders.Shard(folder["b.tar"], 3, 1, seed: -2);
        var groups = ProductGroups.Find(Reading.All(folder.Path), byText: false, byImage: true);
        groups.ShouldBe([0, 1, 2, 1]);
    }

    [Fact]
    public void Shuffled_passes_differ_by_epoch_repeat_by_seed_and_go_on_anywhere()
    {
        using var folder = new TemporaryFolder();
        for (var shard = 0; shard < 4; shard++)
        {
            DataSetFolders.Shard(folder[$"s{shard}.tar"], 10 * shard, 10);
        }

        var shards = new WebDatasetShards(folder.Path);
        var first = Keys(new(0, 0));
        first.Order(StringComparer.Ordinal).ShouldBe(shards.Samples(Fail).Select(sample => sample.Key).Order(StringComparer.Ordinal));
        first.ShouldNotBe(shards.Samples(Fail).Select(sample => sample.Key));
        Keys(new(0, 0)).ShouldBe(first);
        Keys(new(1, 0)).ShouldNotBe(first);
        foreach (var taken in new[] { 1, 17, 39, 40 })
        {
            Keys(new(0, taken)).ShouldBe(first.Skip(taken));
        }

        shards.Shuffled(7, 12, new(3, 5), Fail).First().Position.ShouldBe(new WebDatasetPosition(3, 6));

        List<string> Keys(WebDatasetPosition from) => [.. shards.Shuffled(7, 12, from, Fail).Select(next => next.Sample.Key)];
        static void Fail(string shard, string why) => throw new InvalidOperationException(shard + why);
    }

    [Fact]
    public void A_cut_shard_gives_what_stands_before_the_cut_and_the_next_shard()
    {
        using var folder = new TemporaryFolder();
        DataSetFolders.Shard(folder["a.tar"], 0, 6);
        DataSetFolders.Shard(folder["b.tar"], 6, 2);
        var bytes = File.ReadAllBytes(folder["a.tar"]);
        File.WriteAllBytes(folder["a.tar"], bytes[..(bytes.Length / 2)]);
        var quarantine = new Quarantine();
        var products = Reading.All(folder.Path, quarantine);
        products.Count.ShouldBeInRange(4, 6);
        products[^1].Id.ShouldBe("set/00007");
        quarantine.Entries.ShouldContain(entry =>
            entry.Detail.Contains("a.tar", StringComparison.Ordinal) && entry.Detail.Contains("damaged", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Links_are_passed_over_and_endless_names_and_texts_refused()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new TarWriter(File.Create(folder["a.tar"]), TarEntryFormat.Pax))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "0001.jpg") { LinkName = "/etc/passwd" });
            DataSetFolders.Add(writer, "0001.txt", new byte[2 << 20]);
            DataSetFolders.Add(writer, "0002.txt", "fine"u8.ToArray());
        }

        var quarantine = new Quarantine();
        Reading.All(folder["a.tar"], quarantine).ShouldHaveSingleItem().Text.ShouldBe("fine");
        quarantine.Entries.ShouldHaveSingleItem().Detail.ShouldContain("0001");

        // A header for a name of two gigabytes: refused before any memory is taken.
        var header = File.ReadAllBytes(folder["a.tar"])[..512];
        header[156] = (byte)'x';
        "17777777777"u8.CopyTo(header.AsSpan(124));
        folder.Write("b.tar", [.. header, .. new byte[2048]]);
        Should.Throw<TableException>(() => Reading.All(folder["b.tar"])).Message.ShouldContain("name has 2147483647 bytes");
        folder.Write("c.tar.gz", "x");
        Should
            .Throw<TableException>(() => new WebDatasetShards(Directory.CreateDirectory(folder["none"]).FullName))
            .Message.ShouldContain(".tar");
    }

    [Fact]
    public void A_json_member_whose_key_is_half_a_character_is_set_aside_and_a_value_repaired()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new TarWriter(File.Create(folder["a.tar"]), TarEntryFormat.Pax))
        {
            foreach (
                var (name, json) in new[]
                {
                    ("0001", """{"\ud800": "x", "color": "red"}"""),
                    ("0002", """{"color": "\udc00"}"""),
                    ("0003", "[1]"),
                    ("0004", "\uFEFF{\"color\": \"blue\"}"),
                }
            )
            {
                DataSetFolders.Add(writer, name + ".jpg", DataSetFolders.Jpeg(1));
                DataSetFolders.Add(writer, name + ".json", System.Text.Encoding.UTF8.GetBytes(json));
            }
        }

        var quarantine = new Quarantine();
        var table = ProductTable.Open(new TableOptions { Path = folder["a.tar"], Tasks = [TaskColumn.Single("color")] });
        table.Read(quarantine).Select(product => product.Labels[0]).ShouldBe(["\ufffd", "blue"]);
        quarantine.Entries.Count.ShouldBe(2);
        quarantine.Entries[0].Detail.ShouldContain("sample '0001': its .json cannot be read");
        quarantine.Entries[1].Detail.ShouldContain("a JSON object was expected");
    }

    [Fact]
    public void Addresses_are_no_paths_and_paths_no_addresses()
    {
        var address = PictureAddress.InTar("/a:b/c.tar", "d:e/../f.jpg", 512, 70);
        PictureAddress.TryParse(address.ToString(), out var again).ShouldBeTrue();
        again.ShouldBe(address);
        PictureAddress.TryParse(PictureAddress.InHdf5("/x:y.h5", "input_image", 12).ToString(), out var row).ShouldBeTrue();
        row!.Container.ShouldBe("/x:y.h5");
        foreach (
            var text in new[] { "/tar:1+2:3:/a/b", "tar:1+2:9:/a/b", "tar:-1+2:2:/a/b", "hdf5:x:y:/z", "hdf5:1:y:", "tar:", "images/1.jpg" }
        )
        {
            PictureAddress.TryParse(text, out _).ShouldBeFalse(text);
        }
    }
}
