// The writer: atomic, ordered, honest about sizes.
using System.Runtime.InteropServices;
using Duet.Torch.Safetensors;

namespace Duet.Torch.Tests.Safetensors;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Equal_contents_give_equal_files()
    {
        var first = new SafetensorsWriter().Add("a", [1], new[] { 1f }).Add("b", [1], new[] { 2L }).Write(_folder.File("1"));
        var second = new SafetensorsWriter().Add("b", [1], new[] { 2L }).Add("a", [1], new[] { 1f }).Write(_folder.File("2"));
        second.ShouldBe(first);
    }

    [Fact]
    public void Native_memory_is_streamed()
    {
        var values = new[] { 1f, 2f, 3f };
        var handle = GCHandle.Alloc(values, GCHandleType.Pinned);
        try
        {
            new SafetensorsWriter().Add("x", SafetensorsType.F32, [3], handle.AddrOfPinnedObject()).Write(_folder.File("n"));
        }
        finally
        {
            handle.Free();
        }

        using var file = SafetensorsFile.Open(_folder.File("n"));
        file.ReadFloat32("x").ShouldBe(values);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    public void A_callback_that_writes_the_wrong_number_of_bytes_leaves_the_old_file(int count)
    {
        var path = _folder.File("old");
        File.WriteAllText(path, "old");
        var writer = new SafetensorsWriter().Add("x", SafetensorsType.F64, [1], stream => stream.Write(new byte[count]));
        Should.Throw<SafetensorsException>(() => writer.Write(path)).Message.ShouldContain($"{count} bytes were written");
        File.ReadAllText(path).ShouldBe("old");
        Directory.GetFiles(_folder.Path).ShouldBe([path]);
    }

    [Fact]
    public void A_failing_disk_leaves_the_old_file_and_no_rest()
    {
        var path = _folder.File("old");
        File.WriteAllText(path, "old");
        var writer = new SafetensorsWriter().Add("x", SafetensorsType.U8, [1], _ => throw new IOException("No space left on device"));
        Should.Throw<IOException>(() => writer.Write(path));
        File.ReadAllText(path).ShouldBe("old");
        Directory.GetFiles(_folder.Path).ShouldBe([path]);
    }

    [Fact]
    public void Impossible_tensors_are_refused_when_announced()
    {
        var writer = new SafetensorsWriter().Add("x", [1], new[] { 1f });
        Should.Throw<ArgumentException>(() => writer.Add("x", [1], new[] { 1f }));
        Should.Throw<ArgumentException>(() => writer.Add("__metadata__", [1], new[] { 1f }));
        Should.Throw<ArgumentException>(() => writer.Add("y", [2], new[] { 1f }));
        Should.Throw<ArgumentException>(() => writer.Add("z", [-1], Array.Empty<float>()));
        Should.Throw<ArgumentException>(() => writer.Add("o", SafetensorsType.F32, [long.MaxValue, 2], nint.Zero));
    }

    [Fact]
    public void The_data_begins_at_a_multiple_of_eight()
    {
        for (var length = 1; length < 20; length++)
        {
            var path = _folder.File("aligned");
            new SafetensorsWriter().Add(new string('n', length), [1], new[] { 1f }).Write(path);
            (BitConverter.ToInt64(File.ReadAllBytes(path)) % 8).ShouldBe(0);
        }
    }
}
