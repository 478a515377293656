// The quarantine list: exact counts, capped memory, a file that is there whole or not at all.
using CsvHelper;
using Duet.Data;
using Duet.Torch.Safetensors;

namespace Duet.Tests.Data;

public sealed class QuarantineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Counts_stay_exact_over_threads_and_beyond_the_cap()
    {
        var quarantine = new Quarantine(capacity: 10);
        Parallel.For(0, 1000, i => quarantine.Add(Entry(i, i % 2 == 0 ? QuarantineReason.ImageBroken : QuarantineReason.ImageMissing)));
        quarantine.Count.ShouldBe(1000);
        quarantine.RefusedRows.ShouldBe(500);
        quarantine.Counts[QuarantineReason.ImageBroken].ShouldBe(500);
        quarantine.Entries.Count.ShouldBe(10);
        quarantine.Write(_folder["quarantine.csv"]);
        File.ReadLines(_folder["quarantine.csv"]).Last().ShouldContain("990 more");
    }

    [Fact]
    public void The_file_holds_row_id_file_and_reason_in_row_order_and_replaces_the_old_one()
    {
        var quarantine = new Quarantine();
        quarantine.Add(Entry(3, QuarantineReason.ImageBroken));
        quarantine.Add(Entry(1, QuarantineReason.ImagePathRefused));
        _folder.Write("quarantine.csv", "old");
        quarantine.Write(_folder["quarantine.csv"]);
        using var csv = CsvReader.FromFile(_folder["quarantine.csv"]);
        csv.Read().ShouldBeTrue();
        csv.Headers!.ShouldBe(["row", "id", "file", "reason", "detail", "row_refused"]);
        Enumerable.Range(0, 6).Select(csv.GetString).ShouldBe(["1", "id1", "a,\"b\n.jpg", "image_path_refused", "why", "false"]);
        csv.Read().ShouldBeTrue();
        csv.GetString("reason").ShouldBe("image_broken");
        Directory.GetFiles(_folder.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_no_temporary_one()
    {
        _folder.Write("x.csv", "old");
        Should.Throw<IOException>(() =>
            AtomicFile.Write(
                _folder["x.csv"],
                stream =>
                {
                    stream.WriteByte(1);
                    throw new IOException("disk full");
                }
            )
        );
        File.ReadAllText(_folder["x.csv"]).ShouldBe("old");
        Directory.GetFiles(_folder.Path).ShouldHaveSingleItem();
    }

    private static QuarantineEntry Entry(int row, QuarantineReason reason) =>
        new(row, $"id{row}", "a,\"b\n.jpg", reason, "why", row % 2 == 0);
}
