// Small data sets in the layouts in which they are published.
using System.Formats.Tar;
using Duet.Tests.Vision;
using Duet.Vision;

namespace Duet.Tests.Data.Formats;

internal static class DataSetFolders
{
    public static byte[] Jpeg(int seed) => ImageEncoder.Encode(TestPictures.Draw(40, 32, seed), ImageFormat.Jpeg);

    public static void Food101(TemporaryFolder folder)
    {
        foreach (var (split, count) in new[] { ("train", 6), ("test", 2) })
        {
            var titles = string.Empty;
            for (var i = 0; i < count; i++)
            {
                var label = i % 2 == 0 ? "apple_pie" : "sushi";
                folder.Write($"images/{split}/{label}/{label}_{i}.jpg", Jpeg(i));
                titles +=
                    i == 1
                        ? $"{label}_{i}.jpg,\"Sushi, the \"\"best\"\"\",{label}\n"
                        : $"{label}_{i}.jpg,Title {split} {i} | Cooking,{label}\n";
            }

            folder.Write($"texts/{split}_titles.csv", titles);
        }

        folder.Write("images/train/sushi/sushi_99.jpg", Jpeg(99));
    }

    public static void Glami(TemporaryFolder folder)
    {
        const string Header = "item_id,image_id,geo,name,description,category,category_name,label_source\n";
        folder.Write(
            "GLAMI-1M-train.csv",
            Header + "7,11,cz,Dámské šaty,\"Krásné, letní\",3,womens-dresses,admin\n8,12,gr,Παπούτσια,,4,mens-shoes,\n"
        );
        folder.Write("GLAMI-1M-test.csv", Header + "9,13,bg,Мъжка риза,Памук,5,mens-shirts,custom-tag\n");
        for (var i = 11; i <= 13; i++)
        {
            folder.Write($"images/{i}.jpg", Jpeg(i));
        }
    }

    public static void MmImdb(TemporaryFolder folder)
    {
        folder.Write("split.json", """{"train": ["0000001", "0000002"], "dev": ["0000003"], "test": ["0000004"]}""");
        for (var i = 1; i <= 4; i++)
        {
            folder.Write(
                $"dataset/000000{i}.json",
                $$"""{"title": "Film {{i}}", "plot": ["Short.", "A much longer plot {{i}}."], "genres": ["Drama"{{(i % 2 == 0 ? ", \"War\"" : "")}}], "year": 19{{i}}0, "cast": [{"name": "A"}]}"""
            );
            folder.Write($"dataset/000000{i}.jpeg", Jpeg(i));
        }
    }

    public static void HatefulMemes(TemporaryFolder folder)
    {
        foreach (var (part, first, count) in new[] { ("train", 1, 4), ("dev_seen", 11, 2), ("dev_unseen", 11, 1), ("test_seen", 21, 2) })
        {
            var lines = string.Empty;
            for (var id = first; id < first + count; id++)
            {
                folder.Write($"img/0{id}.png", ImageEncoder.Encode(TestPictures.Draw(40, 32, id), ImageFormat.Png));
                lines += part.StartsWith("test", StringComparison.Ordinal)
                    ? $$"""{"id": {{id}}, "img": "img/0{{id}}.png", "text": "a meme {{id}}"}""" + "\n"
                    : $$"""{"id": {{id}}, "img": "img/0{{id}}.png", "label": {{id % 2}}, "text": "a meme {{id}}"}""" + "\n";
            }

            folder.Write(part + ".jsonl", lines);
        }
    }

    public static void ImageFolder(TemporaryFolder folder, bool splits = true)
    {
        for (var i = 0; i < 8; i++)
        {
            var name = $"{(splits ? i < 6 ? "train/" : "val/" : "")}{(i % 2 == 0 ? "cat" : "dog")}/deep/{i}";
            folder.Write(name + ".jpg", Jpeg(i));
            folder.Write(name + ".txt", $"caption {i}\n");
        }
    }

    /// <summary>A shard of samples with a picture, a caption, a class and metadata.</summary>
    public static void Shard(string path, int first, int count, int seed = 0)
    {
        using var writer = new TarWriter(File.Create(path), TarEntryFormat.Pax);
        for (var i = first; i < first + count; i++)
        {
            Add(writer, $"set/{i:D5}.jpg", Jpeg(seed + i));
            Add(writer, $"set/{i:D5}.txt", System.Text.Encoding.UTF8.GetBytes($"title {i} é"));
            Add(writer, $"set/{i:D5}.cls", System.Text.Encoding.UTF8.GetBytes($"{i % 3}"));
            Add(
                writer,
                $"set/{i:D5}.json",
                System.Text.Encoding.UTF8.GetBytes($$"""{"color": "{{(i % 2 == 0 ? "red" : "blue")}}", "tags": ["a", "b{{i}}"]}""")
            );
        }
    }

    public static void Add(TarWriter writer, string name, byte[] content) =>
        writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
}
