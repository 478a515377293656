// Streams: order, memory, errors.
using Duet.Data;
using static Duet.Tests.Data.LoaderCases;

namespace Duet.Tests.Data;

public sealed class ProductStreamTests
{
    [Fact]
    public void A_stream_keeps_order_and_leaves_out_what_cannot_be_used()
    {
        var quarantine = new Quarantine();
        var products = Enumerable
            .Range(1, 100)
            .Select(row => new Product(
                row,
                $"{row}",
                [row % 10 == 0 || row is > 16 and < 25 ? $"/bad/{row}" : $"/ok/{row}"],
                row % 20 == 0 ? "text" : "",
                []
            ));
        var stream = new ProductStream(Encoder(Schema), new FakePictures(), quarantine, new LoaderOptions { BatchSize = 8, Workers = 3 });
        var rows = new List<long>();
        foreach (var batch in stream.Batches(products))
        {
            batch.Count.ShouldBeInRange(1, 8);
            batch.Pixels.Length.ShouldBe(batch.Count * 48);
            rows.AddRange(batch.Rows);
            batch.Dispose();
        }

        rows.ShouldBe(
            Enumerable.Range(1, 100).Where(row => row % 20 == 0 || !(row % 10 == 0 || row is > 16 and < 25)).Select(row => (long)row)
        );
        quarantine.RefusedRows.ShouldBe(12);
    }

    [Fact]
    public void A_stream_reads_no_further_ahead_than_it_may_and_stops_when_abandoned()
    {
        var read = 0;
        var disposed = false;
        IEnumerable<Product> Endless()
        {
            try
            {
                while (true)
                {
                    Interlocked.Increment(ref read);
                    yield return new Product(read, $"{read}", [], "text", []);
                }
            }
            finally
            {
                disposed = true;
            }
        }

        var stream = new ProductStream(
            Encoder(null),
            new FakePictures(),
            new Quarantine(),
            new LoaderOptions
            {
                BatchSize = 4,
                Workers = 2,
                Prefetch = 3,
            }
        );
        foreach (var batch in stream.Batches(Endless()).Take(5))
        {
            Thread.Sleep(20);
            batch.Dispose();
        }

        read.ShouldBeLessThanOrEqualTo(4 * (5 + 3 + 2 + 1));
        disposed.ShouldBeTrue();
    }

    [Fact]
    public void A_stream_keeps_nothing()
    {
        // The products themselves are watched, not the size of the heap, which other work of the process moves as well.
        var handed = new List<WeakReference>();
        var stream = new ProductStream(
            Encoder(Schema),
            new FakePictures(),
            new Quarantine(capacity: 100),
            new LoaderOptions { BatchSize = 64 }
        );
        Drain(stream.Batches(Watched()));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        handed.Count.ShouldBe(30_000);
        handed.Count(product => product.IsAlive).ShouldBeLessThan(1_000);

        IEnumerable<Product> Watched()
        {
            for (var row = 1; row <= 30_000; row++)
            {
                var product = new Product(row, $"{row}", [$"/bad/{row}"], $"red shoe {row % 100}", ["none", null]);
                handed.Add(new WeakReference(product));
                yield return product;
            }
        }

        static void Drain(IEnumerable<ProductBatch> batches)
        {
            foreach (var batch in batches)
            {
                batch.Dispose();
            }
        }
    }

    [Fact]
    public void Errors_of_the_source_reach_the_consumer_after_the_batches_before_them()
    {
        static IEnumerable<Product> Failing()
        {
            yield return new Product(1, "1", [], "text", []);
            yield return new Product(2, "2", [], "text", []);
            throw new TableException("broken table");
        }

        var seen = 0;
        var stream = new ProductStream(Encoder(null), new FakePictures(), new Quarantine(), new LoaderOptions { BatchSize = 1 });
        Should
            .Throw<TableException>(() =>
            {
                foreach (var batch in stream.Batches(Failing()))
                {
                    seen += batch.Count;
                }
            })
            .Message.ShouldBe("broken table");
        seen.ShouldBe(2);
    }
}
