// Loaders: the same batches whatever the workers, the prefetch or the point of resumption.
using System.Security.Cryptography;
using System.Text.Json;
using Duet.Data;
using Duet.Text;
using FsCheck;
using FsCheck.Fluent;
using static Duet.Tests.Data.LoaderCases;

namespace Duet.Tests.Data;

public sealed class ProductLoaderTests
{
    [Fact]
    public void Batches_do_not_depend_on_workers_prefetch_or_resumption()
    {
        var dataset = Dataset(Products(101));
        var reference = Prints(new ProductLoader(dataset, Options(1, 1)), 3, 0);
        var cases = Gen.Zip(Gen.Zip(Gen.Choose(1, 5), Gen.Choose(1, 6)), Gen.Choose(0, 15)).ToArbitrary();
        Prop.ForAll(
                cases,
                drawn =>
                {
                    var ((workers, prefetch), start) = drawn;
                    Prints(new ProductLoader(dataset, Options(workers, prefetch)), 3, start).ShouldBe(reference.Skip(start));
                }
            )
            .CheckSeeded(30);
    }

    [Fact]
    public void Every_epoch_is_another_permutation_and_the_seed_decides()
    {
        var dataset = Dataset(Products(50));
        var loader = new ProductLoader(dataset, Options(1, 2));
        loader.Order(0).OrderBy(i => i).ShouldBe(Enumerable.Range(0, 50));
        loader.Order(0).ShouldNotBe(loader.Order(1));
        loader.Order(1).ShouldBe(new ProductLoader(dataset, Options(2, 3)).Order(1));
        loader.Order(0).ShouldNotBe(new ProductLoader(dataset, Options(1, 2) with { Seed = 6 }).Order(0));
        new ProductLoader(dataset, Options(1, 2) with { Shuffle = false }).Order(4).ShouldBe(Enumerable.Range(0, 50));
    }

    [Fact]
    public void The_last_batch_is_short_or_left_out()
    {
        var dataset = Dataset(Products(101));
        var loader = new ProductLoader(dataset, Options(2, 2));
        loader.BatchesPerEpoch.ShouldBe(13);
        loader.Batches(0).Select(batch => batch.Count).ShouldBe([.. Enumerable.Repeat(8, 12), 5]);
        loader.Batches(0, 13).ShouldBeEmpty();
        var dropping = new ProductLoader(dataset, Options(2, 2) with { DropLast = true });
        dropping.BatchesPerEpoch.ShouldBe(12);
        dropping.Batches(0).Sum(batch => batch.Count).ShouldBe(96);
    }

    [Fact]
    public void A_batch_holds_what_the_table_says()
    {
        Product[] products =
        [
            new(1, "p1", ["/x/1"], "red shoe", ["red", "a|c"]),
            new(2, "p2", [], "blue bag", [null, null]),
            new(3, "p3", ["/x/3"], " ", ["blue", "b"]),
            new(4, "p4", ["/x/4"], "green hat", ["green", "c|new"]),
        ];
        var dataset = Dataset(products);
        using var batch = new ProductLoader(dataset, new LoaderOptions { BatchSize = 4 }).Batches(0).Single();
        batch.Ids.ShouldBe(["p1", "p2", "p3", "p4"]);
        batch.Rows.ShouldBe([1, 2, 3, 4]);
        batch.ImagePresent.ShouldBe([true, false, true, true]);
        batch.TextPresent.ShouldBe([true, true, false, true]);
        batch.Labels[0].Classes.ShouldBe([1, -1, 0, -1]);
        batch.Labels[0].Present.ShouldBe([true, false, true, false]);
        batch.Labels[1].MultiHot.ShouldBe([1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
        batch.Labels[1].Present.ShouldBe([true, false, true, true]);
        batch.Pixels.Length.ShouldBe(4 * 48);
        batch.Pixels[48..96].ShouldAllBe(pixel => pixel == 0);
        batch.Pixels[(2 * 48) + 9].ShouldBe((byte)'3');
        var expected = Tokenizer.Encode("red shoe", 12);
        batch.ContextLength.ShouldBe(12);
        batch.TokenIds[..12].ShouldBe(expected.Ids.Select(id => (long)id));
        batch.TextLengths[0].ShouldBe(expected.Length);
        batch.TextLengths[2].ShouldBe(2);
        dataset.Encoder.UnseenLabels.ByTask.ShouldBe(new Dictionary<string, long> { ["color"] = 1, ["tags"] = 1 });
    }

    [Fact]
    public void Rows_may_be_trimmed_to_the_longest_and_truncated_texts_are_counted()
    {
        var encoder = new ProductEncoder(Tokenizer, null, new EncodingOptions { ContextLength = 6, TrimToLongest = true });
        var dataset = ProductDataset.Create(
            [new(1, "1", [], "a", []), new(2, "2", [], "abcdefghijkl", []), new(3, "3", [], "a", [])],
            encoder,
            new FakePictures(),
            new Quarantine()
        );
        encoder.TruncatedTexts.ShouldBe(1);
        new ProductLoader(dataset, new LoaderOptions { BatchSize = 2 }).Batches(0).Select(batch => batch.ContextLength).ShouldBe([6, 3]);
    }

    [Fact]
    public void Broken_pictures_are_settled_before_the_first_epoch()
    {
        var quarantine = new Quarantine();
        Product[] products =
        [
            new(1, "1", ["/bad/1", "/ok/1"], "", []),
            new(2, "2", ["/bad/2"], "text", []),
            new(3, "3", ["/bad/3"], "", []),
        ];
        var dataset = ProductDataset.Create(products, Encoder(null), new FakePictures(), quarantine);
        dataset.Products.Select(product => (product.Id, product.Images.Count)).ShouldBe([("1", 1), ("2", 0)]);
        quarantine
            .Entries.Select(entry => (entry.Row, entry.Reason, entry.RowRefused))
            .ShouldBe([
                (1, QuarantineReason.ImageBroken, false),
                (2, QuarantineReason.ImageBroken, false),
                (3, QuarantineReason.ImageBroken, true),
            ]);
        using var batch = new ProductLoader(dataset, new LoaderOptions()).Batches(0).Single();
        batch.ImagePresent.ShouldBe([true, false]);
        quarantine.Count.ShouldBe(3);
    }

    [Fact]
    public void A_picture_that_breaks_later_is_quarantined_once_and_masked()
    {
        var quarantine = new Quarantine();
        var pictures = new FakePictures { Vanishing = ["/x/1", "/x/2"] };
        var dataset = ProductDataset.Create(
            [new(1, "1", ["/x/1"], "", ["red", "a"]), new(2, "2", ["/x/2"], "text", ["red", null])],
            Encoder(Schema),
            pictures,
            quarantine
        );
        var loader = new ProductLoader(dataset, new LoaderOptions());
        for (var epoch = 0; epoch < 3; epoch++)
        {
            using var batch = loader.Batches(epoch).Single();
            batch.Labels[0].Classes.ShouldBe([-1, 1]);
            batch.Labels[1].Present.ShouldBe([false, false]);
            batch.ImagePresent.ShouldBe([false, false]);
        }

        quarantine.Entries.Select(entry => (entry.Row, entry.RowRefused)).ShouldBe([(1, true), (2, false)]);
    }

    [SkippableFact]
    public void Workers_give_way_to_computing_threads()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "niceness of threads is a matter of Linux");
        var worker = new TaskCompletionSource<int>();
        var before = Niceness();
        BackgroundThread.Start("duet-test", () => worker.SetResult(Niceness())).Join();
        worker.Task.Result.ShouldBeGreaterThanOrEqualTo(10);
        Niceness().ShouldBe(before);

        // Field 19 of the file, counted from the name in brackets, which is field 2.
        static int Niceness() => int.Parse(File.ReadAllText("/proc/thread-self/stat").Split(") ")[1].Split(' ')[16]);
    }

    [Fact]
    public void Cancelling_stops_the_enumeration()
    {
        using var stop = new CancellationTokenSource();
        var loader = new ProductLoader(Dataset(Products(200)), Options(2, 2));
        Should.Throw<OperationCanceledException>(() =>
        {
            foreach (var batch in loader.Batches(0, cancellation: stop.Token))
            {
                stop.Cancel();
            }
        });
    }

    [Fact]
    public void Workers_decode_at_the_same_time_and_pixel_buffers_are_used_again()
    {
        var pictures = new FakePictures { Delay = TimeSpan.FromMilliseconds(1) };
        var dataset = ProductDataset.Create(Products(64), Encoder(Schema), pictures, new Quarantine());
        var loader = new ProductLoader(dataset, Options(3, 2));
        var buffers = new HashSet<byte[]>(ReferenceEqualityComparer.Instance);
        for (var epoch = 0; epoch < 4; epoch++)
        {
            foreach (var batch in loader.Batches(epoch))
            {
                buffers.Add(batch.Pixels);
                batch.Dispose();
                batch.Pixels.ShouldBeEmpty();
            }
        }

        pictures.MostInUse.ShouldBeGreaterThan(1);
        buffers.Count.ShouldBeLessThanOrEqualTo(2 + 3 + 2);
    }

    [Fact]
    public void Wrong_options_say_their_range()
    {
        Should
            .Throw<TableException>(() => new ProductLoader(Dataset(Products(1)), new LoaderOptions { BatchSize = 0 }))
            .Message.ShouldContain("BatchSize");
        Should
            .Throw<TableException>(() => new ProductEncoder(Tokenizer, null, new EncodingOptions { ContextLength = 1 }))
            .Message.ShouldContain("ContextLength");
    }

    private static LoaderOptions Options(int workers, int prefetch) =>
        new()
        {
            BatchSize = 8,
            Shuffle = true,
            Augment = true,
            Seed = 5,
            Workers = workers,
            Prefetch = prefetch,
        };

    private static string[] Prints(ProductLoader loader, int epoch, int start) =>
        [
            .. loader
                .Batches(epoch, start)
                .Select(batch =>
                {
                    using (batch)
                    {
                        return JsonSerializer.Serialize(
                                new
                                {
                                    batch.Ids,
                                    batch.Rows,
                                    batch.TokenIds,
                                    batch.TextLengths,
                                    batch.ImagePresent,
                                    batch.TextPresent,
                                    batch.Labels,
                                }
                            ) + Convert.ToHexString(SHA256.HashData(batch.Pixels));
                    }
                }),
        ];
}
