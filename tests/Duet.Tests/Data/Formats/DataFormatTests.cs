// Data sets as people have them: recognised, read, and survived when broken.
using Duet.Data;
using Duet.Vision;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Data.Formats;

public sealed class DataFormatTests
{
    [Fact]
    public void Food_101_has_titles_classes_splits_and_untitled_pictures()
    {
        using var folder = new TemporaryFolder();
        DataSetFolders.Food101(folder);
        DataFormats.Detect(folder.Path).ShouldBe(DataFormat.Food101);
        var quarantine = new Quarantine();
        var products = Reading.All(folder.Path, quarantine);
        products.Count.ShouldBe(9);
        quarantine.Entries.Select(entry => (entry.Id, entry.Reason)).ShouldBe([("sushi_99.jpg", QuarantineReason.EmptyText)]);
        products.Count(product => product.Split == "test").ShouldBe(2);
        products[1]
            .ShouldSatisfyAllConditions(
                product => product.Text.ShouldBe("Sushi, the \"best\""),
                product => product.Id.ShouldBe("sushi_1.jpg"),
                product => product.Labels.ShouldBe(["sushi"]),
                product => File.Exists(product.Images[0]).ShouldBeTrue()
            );
        var untitled = products.Single(product => !product.HasText);
        untitled.Id.ShouldBe("sushi_99.jpg");
        untitled.Labels.ShouldBe(["sushi"]);
    }

    [Fact]
    public void Food_101_cannot_lead_out_of_its_folder()
    {
        using var folder = new TemporaryFolder();
        DataSetFolders.Food101(folder);
        folder.Write("texts/train_titles.csv", "x.jpg,Title,../../../../etc\n../../../../../../../etc/passwd,Title,sushi\n");
        var quarantine = new Quarantine();
        Reading.All(folder.Path, quarantine);
        quarantine.Counts[QuarantineReason.ImagePathRefused].ShouldBe(2);
    }

    [Fact]
    public void Glami_has_pictures_languages_and_label_sources()
    {
        using var folder = new TemporaryFolder();
        DataSetFolders.Glami(folder);
        var products = Reading.All(folder.Path);
        products.Select(product => product.Id).ShouldBe(["9", "7", "8"], ignoreOrder: true);
        var first = products.Single(product => product.Id == "7");
        first.Text.ShouldBe("Dámské šaty Krásné, letní");
        first.Labels.ShouldBe(["womens-dresses"]);
        first.Split.ShouldBe("train");
        File.Exists(first.Images[0]).ShouldBeTrue();
        ProductTable.Open(new TableOptions { Path = folder.Path }).Columns.ShouldContain("label_source");
        Reading.All(folder["GLAMI-1M-test.csv"]).ShouldHaveSingleItem().Split.ShouldBeNull();
    }

    [Fact]
    public void Mm_imdb_takes_the_longest_plot_and_all_genres()
    {
        using var folder = new TemporaryFolder();
        DataSetFolders.MmImdb(folder);
        var products = Reading.All(folder.Path);
        products.Select(product => product.Split).ShouldBe(["train", "train", "dev", "test"]);
        products[1].Text.ShouldBe("A much longer plot 2.");
        products[1].Labels.ShouldBe(["Drama|War"]);
        File.Exists(products[1].Images[0]).ShouldBeTrue();

        folder.Write("split.json", """{"train": ["0000001", "../../x", "0000009"]}""");
        var quarantine = new Quarantine();
        Reading.All(folder.Path, quarantine).Count.ShouldBe(1);
        quarantine.Entries.Select(entry => entry.Row).ShouldBe([2, 3]);
        folder.Write("split.json", "[1, 2]");
        Should.Throw<TableException>(() => Reading.All(folder.Path)).Message.ShouldContain("split.json");
    }

    [Fact]
    public void Hateful_memes_has_its_seen_parts_and_missing_test_labels()
    {
        using var folder = new TemporaryFolder();
        DataSetFolders.HatefulMemes(folder);
        var products = Reading.All(folder.Path);
        products.Select(product => product.Split).ShouldBe(["train", "train", "train", "train", "val", "val", "test", "test"]);
        products[0].Labels.ShouldBe(["1"]);
        products[^1].Labels.ShouldBe([null]);
        products[0].Text.ShouldBe("a meme 1");
        DataFormats.Detect(folder["dev_unseen.jsonl"]).ShouldBe(DataFormat.HatefulMemes);
        Reading.All(folder["dev_unseen.jsonl"]).ShouldHaveSingleItem().Id.ShouldBe("11");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_image_folder_has_classes_splits_and_captions(bool splits)
    {
        using var folder = new TemporaryFolder();
        DataSetFolders.ImageFolder(folder, splits);
        var products = Reading.All(folder.Path);
        products.Count.ShouldBe(8);
        products.ShouldAllBe(product => product.Text.StartsWith("caption ", StringComparison.Ordinal) && File.Exists(product.Images[0]));
        products.Count(product => product.Labels[0] == "cat").ShouldBe(4);
        products.Count(product => product.Split == "val").ShouldBe(splits ? 2 : 0);
    }

    [Fact]
    public void Split_folders_are_recognised_beside_others_which_are_named_and_left_out()
    {
        using var folder = new TemporaryFolder();
        DataSetFolders.ImageFolder(folder);
        Directory.Move(folder["train"], folder["Training"]);
        foreach (var name in (string[])["extra/cat/8.jpg", "old stuff/dog/9.jpg", "TESTING/dog/10.jpg"])
        {
            folder.Write(name, DataSetFolders.Jpeg(8));
        }

        var notes = new List<string>();
        var table = ProductTable.Open(new TableOptions { Path = folder.Path, Note = notes.Add });
        var products = table.Read(new Quarantine()).ToList();
        products.Select(product => product.Labels[0]).Distinct().ShouldBe(["dog", "cat"], ignoreOrder: true);
        products
            .CountBy(product => Splitter.CanonicalName(product.Split)!)
            .ShouldBe([new("test", 1), new("train", 6), new("val", 2)], ignoreOrder: true);
        notes.ShouldHaveSingleItem().ShouldContain("extra, old stuff beside them are left out");
    }

    [Fact]
    public void A_class_that_is_called_train_is_no_split_without_another_split()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["train/1.jpg", "bus/2.jpg", "car/3.jpg"])
        {
            folder.Write(name, DataSetFolders.Jpeg(1));
        }

        var notes = new List<string>();
        var table = ProductTable.Open(new TableOptions { Path = folder.Path, Note = notes.Add });
        table.Read(new Quarantine()).Select(product => product.Labels[0]).ShouldBe(["bus", "car", "train"]);
        notes.ShouldBeEmpty();
    }

    [Fact]
    public void A_table_stays_a_table_and_an_unknown_folder_is_named()
    {
        using var folder = new TemporaryFolder();
        DataFormats.Detect(folder.Write("products.csv", "id,title\n1,a\n")).ShouldBe(DataFormat.Table);
        DataFormats.Detect(folder["gone.jsonl"]).ShouldBe(DataFormat.Table);
        Should.Throw<TableException>(() => DataFormats.Detect(folder.Path)).Message.ShouldContain(folder.Path);
        foreach (var name in DataFormats.Names)
        {
            DataFormats.NameOf(DataFormats.Parse(name)).ShouldBe(name);
        }
    }

    [Fact]
    public void Broken_files_of_every_kind_end_in_a_named_error_and_never_in_a_crash()
    {
        (DataFormat Format, Action<TemporaryFolder> Make)[] kinds =
        [
            (DataFormat.Food101, DataSetFolders.Food101),
            (DataFormat.Glami, DataSetFolders.Glami),
            (DataFormat.MmImdb, DataSetFolders.MmImdb),
            (DataFormat.HatefulMemes, DataSetFolders.HatefulMemes),
            (DataFormat.ImageFolder, folder => DataSetFolders.ImageFolder(folder)),
            (DataFormat.WebDataset, folder => DataSetFolders.Shard(folder["train-0.tar"], 0, 4)),
        ];
        foreach (var (format, make) in kinds)
        {
            using var folder = new TemporaryFolder();
            make(folder);
            var files = Directory
                .GetFiles(folder.Path, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .ToDictionary(file => file, File.ReadAllBytes);
            Prop.ForAll(
                    ArbMap.Default.ArbFor<int>(),
                    seed =>
                    {
                        var (file, content) = files.ElementAt((int)((uint)seed % (uint)files.Count));
                        File.WriteAllBytes(file, Reading.Damage(content, seed));
                        Reading.Survive(folder.Path, format);
                        File.WriteAllBytes(file, content);
                    }
                )
                .CheckSeeded(60);
        }
    }
}
