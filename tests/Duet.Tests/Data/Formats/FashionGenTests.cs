// Fashion-Gen files made by h5py: what is read, what is refused, what is survived.
using Duet.Data;
using Duet.Vision;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Data.Formats;

public sealed class FashionGenTests
{
    [SkippableTheory]
    [InlineData("plain")]
    [InlineData("packed")]
    [InlineData("utf8")]
    [InlineData("latest")]
    public void Texts_numbers_labels_and_pictures_are_read(string kind)
    {
        using var folder = new TemporaryFolder();
        var path = folder["fashiongen_train.h5"];
        Hdf5Maker.WriteFashionGen(path, kind, 30);
        var products = Reading.All(path);
        products.Count.ShouldBe(30);
        products[3].Text.ShouldBe("Café wool coat 1 Long-sleeved 3");
        products[3].Labels.ShouldBe(["TOPS"]);
        products[3].Group.ShouldBe("1");
        products[3].Split.ShouldBeNull();

        var picture = new ImageDecoder().Decode(products[4].Images.ShouldHaveSingleItem());
        (picture.Width, picture.Height).ShouldBe((24, 32));
        picture.Pixels[((20 * 24) + 5) * 3 + 1].ShouldBe((byte)(40 + (8 * 2)));
        picture.Pixels[((2 * 24) + 7) * 3 + 2].ShouldBe((byte)((7 * 9) + 4));
    }

    [SkippableFact]
    public void A_folder_gives_the_splits_of_its_files()
    {
        using var folder = new TemporaryFolder();
        Hdf5Maker.WriteFashionGen(folder["fashiongen_256_256_train.h5"], "plain", 12);
        Hdf5Maker.WriteFashionGen(folder["fashiongen_256_256_validation.h5"], "plain", 4);
        var products = Reading.All(folder.Path);
        products
            .Select(product => Splitter.CanonicalName(product.Split))
            .ShouldBe([.. Enumerable.Repeat("train", 12), .. Enumerable.Repeat("val", 4)]);
        products.Select(product => product.Row).ShouldBe(Enumerable.Range(1, 16).Select(row => (long)row));
    }

    [SkippableFact]
    public void Same_pixels_stay_in_one_split_and_the_cache_keeps_pictures()
    {
        using var folder = new TemporaryFolder();
        var path = folder["a.h5"];
        Hdf5Maker.Run(
            """
            import sys, numpy as np, h5py
            p = np.random.RandomState(1).randint(0, 255, (8, 16, 16, 3)).astype('u1')
            p[6] = p[1]
            with h5py.File(sys.argv[1], 'w') as f:
                f['input_image'] = p
                f['input_name'] = np.array([b'name %d' % i for i in range(8)])
            """,
            path
        );
        var products = Reading.All(path);
        var groups = ProductGroups.Find(products, byText: true, byImage: true);
        groups[6].ShouldBe(1);
        groups.Distinct().Count().ShouldBe(7);

        var pictures = new PicturePipeline(new PictureOptions { Preprocessing = ImagePreprocessing.Clip(16) });
        products.ForEach(product => pictures.Check(product.Images[0]));
        pictures.CachedBytes.ShouldBe(8 * 16 * 16 * 3);
    }

    [SkippableFact]
    public void Wrong_types_shapes_and_links_are_named()
    {
        using var folder = new TemporaryFolder();
        Hdf5Maker.Run(
            """
            import sys, numpy as np, h5py
            at = sys.argv[1]
            with h5py.File(at + '/float.h5', 'w') as f:
                f['input_image'] = np.zeros((3, 8, 8, 3), 'f4'); f['input_name'] = np.array([b'a', b'b', b'c'])
            with h5py.File(at + '/short.h5', 'w') as f:
                f['input_image'] = np.zeros((3, 8, 8, 3), 'u1'); f['input_name'] = np.array([b'a', b'b'])
            with h5py.File(at + '/huge.h5', 'w') as f:
                f.create_dataset('input_image', (3, 60000, 60000, 3), 'u1', chunks=(1, 64, 64, 3)); f['input_name'] = np.array([b'a', b'b', b'c'])
            with h5py.File(at + '/empty.h5', 'w') as f:
                f.create_group('input_name')
            open(at + '/secret.bin', 'wb').write(b'password')
            with h5py.File(at + '/outside.h5', 'w') as f:
                f['input_description'] = np.array([b'a'])
                f['input_name'] = h5py.ExternalLink(at + '/short.h5', '/input_name')
                f['input_brand'] = h5py.SoftLink('/input_description')
            with h5py.File(at + '/raw.h5', 'w') as f:
                f['input_description'] = np.array([b'a'])
                f.create_dataset('input_name', (1,), 'S8', external=[(at + '/secret.bin', 0, 8)])
            """,
            folder.Path
        );
        Should.Throw<TableException>(() => ProductTable.Open(Named("float.h5", "input_image"))).Message.ShouldContain("input_image");
        Should.Throw<TableException>(() => Reading.All(folder["short.h5"])).Message.ShouldContain("input_name");
        Reading.Survive(folder["huge.h5"], DataFormat.FashionGen).ShouldContain("pixels, more than the limit");
        Should.Throw<TableException>(() => Reading.All(folder["empty.h5"])).Message.ShouldContain("no datasets with rows");
        Should
            .Throw<TableException>(() =>
                ProductTable.Open(Named("outside.h5", "input_name") with { ImageColumns = [], TextColumns = ["input_name"] })
            )
            .Message.ShouldContain("input_name");
        Should.Throw<TableException>(() => Reading.All(folder["raw.h5"])).Message.ShouldContain("other files");
        folder.Write("words.h5", "These are words.");
        Should.Throw<TableException>(() => Reading.All(folder["words.h5"])).Message.ShouldContain("words.h5");

        TableOptions Named(string file, string image) =>
            new()
            {
                Path = folder[file],
                ImageColumns = [image],
                TextColumns = ["input_name"],
            };
    }

    [SkippableFact]
    public void Damaged_files_end_in_a_named_error_and_never_in_a_crash()
    {
        const int Files = 240;
        using var folder = new TemporaryFolder();
        var whole = Whole(folder);

        // One process reads them all, and another one goes on where a file crashes it or makes it hang.
        using var reader = new Hdf5Reader(TimeSpan.FromSeconds(10));
        var (number, refused) = (0, 0);
        Prop.ForAll(
                ArbMap.Default.ArbFor<int>(),
                seed =>
                {
                    var path = folder.Write($"damaged{number++}.h5", Reading.Damage(whole[seed & 1], seed));
                    try
                    {
                        using var file = Hdf5File.Open(path, reader);
                        ReadAll(file);
                    }
                    catch (TableException e)
                    {
                        refused++;
                        e.Message.ShouldContain(path);
                    }

                    File.Delete(path);
                }
            )
            .CheckSeeded(Files);
        refused.ShouldBeInRange(Files / 4, Files - 1, "cut files are refused, and a changed pixel is none that anybody could notice");
        reader.Starts.ShouldBeLessThan(Files / 4);
    }

    [SkippableFact]
    public void Damaged_files_are_survived_as_data_sets()
    {
        using var folder = new TemporaryFolder();
        var whole = Whole(folder);
        Prop.ForAll(
                ArbMap.Default.ArbFor<int>(),
                seed =>
                {
                    Reading.Survive(folder.Write("damaged.h5", Reading.Damage(whole[seed & 1], seed)), DataFormat.FashionGen);
                }
            )
            .CheckSeeded(6);
    }

    [SkippableFact]
    public void A_process_reads_one_file_after_the_other()
    {
        using var folder = new TemporaryFolder();
        Hdf5Maker.WriteFashionGen(folder["one.h5"], "packed", 5);
        Hdf5Maker.WriteFashionGen(folder["two.h5"], "utf8", 7);
        folder.Write("words.h5", "These are words.");
        using var reader = new Hdf5Reader();
        using var one = Hdf5File.Open(folder["one.h5"], reader);
        one.ReadTexts("input_name", 0, 5).Length.ShouldBe(5);
        Should.Throw<TableException>(() => Hdf5File.Open(folder["words.h5"], reader)).Message.ShouldContain("not an HDF5 file");
        using var two = Hdf5File.Open(folder["two.h5"], reader);
        two.ReadTexts("input_name", 0, 7).Length.ShouldBe(7);
        Should.Throw<InvalidOperationException>(() => one.ReadTexts("input_name", 0, 5)).Message.ShouldContain("one.h5");
        reader.Starts.ShouldBe(1);
    }

    [SkippableFact]
    public void A_file_that_crashes_the_library_is_reported_as_damaged()
    {
        using var folder = new TemporaryFolder();
        Hdf5Maker.WriteFashionGen(folder["whole.h5"], "plain", 5);
        using var reader = new Hdf5Reader();
        using var file = Hdf5File.Open(folder["whole.h5"], reader);

        // The reading process dies in the middle of its work, as it does when libhdf5 crashes.
        using (var process = System.Diagnostics.Process.GetProcessById(reader.ProcessId!.Value))
        {
            process.Kill();
            process.WaitForExit();
        }

        Should.Throw<TableException>(() => file.ReadTexts("input_name", 0, 5)).Message.ShouldContain("crashed");
        Should.Throw<TableException>(() => file.ReadTexts("input_name", 0, 5)).Message.ShouldContain("whole.h5");

        // The next file is read by a new process.
        using var again = Hdf5File.Open(folder["whole.h5"], reader);
        again.ReadTexts("input_name", 0, 5).Length.ShouldBe(5);
        reader.Starts.ShouldBe(2);
    }

    private static byte[][] Whole(TemporaryFolder folder) =>
        [
            .. new[] { "packed", "latest" }.Select(kind =>
            {
                Hdf5Maker.WriteFashionGen(folder[$"{kind}.h5"], kind, 5);
                return File.ReadAllBytes(folder[$"{kind}.h5"]);
            }),
        ];

    private static void ReadAll(Hdf5File file)
    {
        foreach (var dataset in file.Datasets.Where(dataset => dataset.Shape.Count > 0))
        {
            var rows = (int)Math.Min(5, dataset.Shape[0]);
            if (dataset.IsText)
            {
                file.ReadTexts(dataset.Name, 0, rows);
            }
            else if (dataset.IsPictures)
            {
                file.ReadBytes(dataset.Name, 0, rows);
            }
            else if (dataset.IsColumn)
            {
                file.ReadNumbers(dataset.Name, 0, rows);
            }
        }
    }
}
