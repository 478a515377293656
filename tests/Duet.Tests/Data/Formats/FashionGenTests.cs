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
        products.Select(product => Splitter.CanonicalName(product.Split)).ShouldBe([.. Enumerable.Repeat("train", 12), .. Enumerable.Repeat("val", 4)]);
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
            path);
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
            folder.Path);
        Should.Throw<TableException>(() => ProductTable.Open(Named("float.h5", "input_image"))).Message.ShouldContain("input_image");
        Should.Throw<TableException>(() => Reading.All(folder["short.h5"])).Message.ShouldContain("input_name");
        Reading.Survive(folder["huge.h5"], DataFormat.FashionGen).ShouldContain("pixels, more than the limit");
        Should.Throw<TableException>(() => Reading.All(folder["empty.h5"])).Message.ShouldContain("no datasets with rows");
        Should.Throw<TableException>(() => ProductTable.Open(Named("outside.h5", "input_name") with { ImageColumns = [], TextColumns = ["input_name"] })).Message.ShouldContain("input_name");
        Should.Throw<TableException>(() => Reading.All(folder["raw.h5"])).Message.ShouldContain("other files");
        folder.Write("words.h5", "These are words.");
        Should.Throw<TableException>(() => Reading.All(folder["words.h5"])).Message.ShouldContain("words.h5");

        TableOptions Named(string file, string image) => new() { Path = folder[file], ImageColumns = [image], TextColumns = ["input_name"] };
    }

    [SkippableFact]
    public void Damaged_files_end_in_a_named_error_and_never_in_a_crash()
    {
        using var folder = new TemporaryFolder();
        var whole = new[] { "packed", "latest" }.Select(kind =>
        {
            Hdf5Maker.WriteFashionGen(folder["whole.h5"], kind, 5);
            return File.ReadAllBytes(folder["whole.h5"]);
        }).ToArray();
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            Reading.Survive(folder.Write("damaged.h5", Reading.Damage(whole[seed & 1], seed)), DataFormat.FashionGen);
        }).CheckSeeded(20);
    }

    [SkippableFact]
    public void A_file_that_crashes_the_library_is_reported_as_damaged()
    {
        using var folder = new TemporaryFolder();
        Hdf5Maker.WriteFashionGen(folder["whole.h5"], "plain", 5);
        using var file = Hdf5File.Open(folder["whole.h5"]);

        // The reading process dies in the middle of its work, as it does when libhdf5 crashes.
        foreach (var child in System.Diagnostics.Process.GetProcessesByName("dotnet").Where(IsReader))
        {
            child.Kill();
            child.WaitForExit();
        }

        Should.Throw<TableException>(() => file.ReadTexts("input_name", 0, 5)).Message.ShouldContain("crashed");
        Should.Throw<TableException>(() => file.ReadTexts("input_name", 0, 5)).Message.ShouldContain("whole.h5");

        bool IsReader(System.Diagnostics.Process process)
        {
            try
            {
                return File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(folder["whole.h5"], StringComparison.Ordinal);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }
}
