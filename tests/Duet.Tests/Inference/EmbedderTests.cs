// Embeddings as NumPy files and as JSON lines.
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Duet.Data;
using Duet.Inference;
using Duet.Models;

namespace Duet.Tests.Inference;

public sealed class EmbedderTests : IDisposable
{
    private static readonly ModelUseOptions One = new()
    {
        Threads = 1,
        BatchSize = 4,
        LoaderThreads = 1,
    };
    private readonly SampleRun _run = new();

    public EmbedderTests()
    {
        _run.WriteTable();
        _run.Write("empty.jpg", []);
        _run.Write(
            "t.csv",
            "sku,image,text\n1,0.jpg,a shoe\n\"2,b\",,a bag\n3,1.jpg,\n4,empty.jpg,\n5,empty.jpg,a shirt\n6,2.jpg,a shirt\n"
        );
    }

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Both_formats_hold_the_same_vectors()
    {
        using var model = DuetModel.Load(_run.Run.Path, One);
        var embedder = new Embedder(model);
        var summary = embedder.Embed(new TableSource(_run["t.csv"]) { MaxLost = 1 }, _run["e.npy"]);
        (summary.Rows, summary.Quarantine.Count, summary.Quarantine.RefusedRows).ShouldBe((5, 4, 1));
        summary.Files.Select(Path.GetFileName).ShouldBe(["e.npy", "e.ids.csv", "e.image.npy", "e.text.npy", "e.npy.quarantine.csv"]);
        File.ReadAllLines(_run["e.ids.csv"])
            .ShouldBe(["sku,has_image,has_text", "1,true,true", "\"2,b\",false,true", "3,true,false", "5,false,true", "6,true,true"]);
        var kinds = new[] { ("joint", Npy("e.npy")), ("image", Npy("e.image.npy")), ("text", Npy("e.text.npy")) };

        embedder.Embed(new TableSource(_run["t.csv"]) { MaxLost = 1 }, _run["e.jsonl"]).Rows.ShouldBe(5);
        var lines = File.ReadAllLines(_run["e.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        lines.Select(line => line.GetProperty("id").GetString()).ShouldBe(["1", "2,b", "3", "5", "6"]);
        foreach (var (kind, (values, width)) in kinds)
        {
            width.ShouldBe(64);
            for (var row = 0; row < 5; row++)
            {
                var vector = lines[row].GetProperty(kind);
                var expected =
                    vector.ValueKind == JsonValueKind.Null
                        ? new float[width]
                        : [.. vector.EnumerateArray().Select(value => value.GetSingle())];
                values.AsSpan(row * width, width).SequenceEqual(expected).ShouldBeTrue($"{kind} {row}");
                (vector.ValueKind == JsonValueKind.Null).ShouldBe(
                    kind switch
                    {
                        "image" => row is 1 or 3,
                        "text" => row == 2,
                        _ => false,
                    }
                );
            }
        }
    }

    [Fact]
    public void An_ablation_has_no_vector_of_what_it_does_not_see()
    {
        using var ablation = new SampleRun(options => options with { Modalities = InputModalities.Text });
        ablation.Write("t.csv", "sku,image,text\n1,,a shoe\n");
        using var model = DuetModel.Load(ablation.Run.Path, One);
        new Embedder(model).Embed(new TableSource(ablation["t.csv"]), ablation["e.jsonl"]);
        File.ReadAllText(ablation["e.jsonl"]).ShouldContain("\"image\":null");
    }

    [Fact]
    public void Wrong_outputs_and_stops_leave_nothing()
    {
        using var model = DuetModel.Load(_run.Run.Path, One);
        var embedder = new Embedder(model);
        Should
            .Throw<TableException>(() => embedder.Embed(new TableSource(_run["t.csv"]) { MaxLost = 1 }, _run["e.parquet"]))
            .Message.ShouldContain(".jsonl");
        using var stop = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() =>
            embedder.Embed(
                new TableSource(_run["t.csv"]) { MaxLost = 1 },
                _run["e.npy"],
                new Told<UseProgress>([], _ => stop.Cancel()),
                stop.Token
            )
        );
        _run.Write("bad.csv", "sku,image,text\n");
        Should.Throw<TableException>(() => embedder.Embed(new TableSource(_run["bad.csv"]), _run["e.npy"]));
        Directory.GetFiles(_run[""], "e.*").ShouldBeEmpty();
    }

    // Reads by the format's description, not by what the writer happens to write.
    private (float[] Values, int Width) Npy(string name)
    {
        var bytes = File.ReadAllBytes(_run[name]);
        bytes[..8].ShouldBe([0x93, .. "NUMPY"u8, 1, 0]);
        var length = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        ((10 + length) % 64).ShouldBe(0);
        var header = Encoding.ASCII.GetString(bytes, 10, length);
        header.ShouldEndWith("\n");
        var shape = Regex.Match(
            header,
            @"^\{'descr': '<f4', 'fortran_order': False, 'shape': \((?<rows>\d+), (?<width>\d+)\), \} *\n$",
            RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );
        shape.Success.ShouldBeTrue(header);
        var values = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(10 + length)).ToArray();
        var (rows, width) = (int.Parse(shape.Groups["rows"].Value), int.Parse(shape.Groups["width"].Value));
        values.Length.ShouldBe(rows * width);
        return (values, width);
    }
}
