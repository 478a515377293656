// The quarantine list: exact counts, capped memory, a file that is there whole or not at all.
using CsvHelper;
using Duet.Data;
using Duet.Torch.Safetensors;

namespace Duet.Tests.Data;

public sealed class QuarantineTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Counts_stay_exact_over_threads_and_beyond_the_cap()
    {
        var quarantine = new Quarantine(capacity: 10);
        Parallel.For(0, 1000, i => quarantine.Add(Entry(i, i % 2 == 0 ? QuarantineReason.ImageBroken : QuarantineReason.ImageMissing)));
        quarantine.Count.ShouldBe(1000);
        quarantine.RefusedRows.ShouldBe(500);
        quarantine.Counts[QuarantineReason.ImageBroken].ShouldBe(500);
        quarantine.Entries.Count.ShouldBe(10);
        quarantine.Write(folder["quarantine.csv"]);
        File.ReadLines(folder["quarantine.csv"]).Last().ShouldContain("990 more");
    }

    [Fact]
    public void The_file_holds_row_id_file_and_reason_in_row_order_and_replaces_the_old_one()
    {
        var quarantine = new Quarantine();
        quarantine.Add(Entry(3, QuarantineReason.ImageBroken));
        quarantine.Add(Entry(1, QuarantineReason.ImagePathRefused));
        folder.Write("quarantine.csv", "old");
        quarantine.Write(folder["quarantine.csv"]);
        using var csv = CsvReader.FromFile(folder["quarantine.csv"]);
        csv.Read().ShouldBeTrue();
        csv.Headers!.ShouldBe(["row", "id", "file", "reason", "detail", "row_refused"]);
        Enumerable.Range(0, 6).Select(csv.GetString).ShouldBe(["1", "id1", "a,\"b\n.jpg", "image_path_refused", "why", "false"]);
        csv.Read().ShouldBeTrue();
        csv.GetString("reason").ShouldBe("image_broken");
        Directory.GetFiles(folder.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_no_temporary_one()
    {
        folder.Write("x.csv", "old");
        Should.Throw<IOException>(() => AtomicFile.Write(folder["x.csv"], stream =>
        {
            stream.WriteByte(1);
            throw new IOException("disk full");
        }));
        File.ReadAllText(folder["x.csv"]).ShouldBe("old");
        Directory.GetFiles(folder.Path).ShouldHaveSingleItem();
    }

    private static QuarantineEntry Entry(int row, QuarantineReason reason) =>
        new(row, $"id{row}", "a,\"b\n.jpg", reason, "why", row % 2 == 0);
}
