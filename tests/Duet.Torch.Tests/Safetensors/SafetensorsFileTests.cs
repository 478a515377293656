// The reader against files that break each promise of the format, and against the fixtures.
using System.Runtime.InteropServices;
using Duet.Torch.Safetensors;

namespace Duet.Torch.Tests.Safetensors;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_every_type()
    {
        var path = _folder.File("types.safetensors");
        var writer = new SafetensorsWriter()
            .Add("f32", [2], new[] { 1.5f, -2f })
            .Add("f64", SafetensorsType.F64, [2], Bytes(0.25, -1e-3))
            .Add("f16", SafetensorsType.F16, [2], Bytes((Half)0.5f, (Half)65504f))
            .Add("bf16", SafetensorsType.BF16, [2], Bytes<ushort>(0x3F80, 0xC000))
            .Add("i64", [1, 2], new[] { long.MinValue, long.MaxValue })
            .Add("i32", SafetensorsType.I32, [1], Bytes(-7))
            .Add("i16", SafetensorsType.I16, [1], Bytes<short>(-8))
            .Add("i8", SafetensorsType.I8, [1], Bytes<sbyte>(-9))
            .Add("u8", SafetensorsType.U8, [1], Bytes<byte>(255))
            .Add("u16", SafetensorsType.U16, [1], Bytes<ushort>(65535))
            .Add("u32", SafetensorsType.U32, [1], Bytes(uint.MaxValue))
            .Add("u64", SafetensorsType.U64, [1], Bytes<ulong>(12))
            .Add("bool", SafetensorsType.Bool, [2], Bytes<byte>(0, 1))
            .Add("scalar", [], new[] { 4f })
            .Add("empty", [3, 0], Array.Empty<float>())
            .AddMetadata("format", "pt");
        writer.Write(path);

        using var file = SafetensorsFile.Open(path);
        file.ReadFloat32("f32").ShouldBe([1.5f, -2f]);
        file.ReadFloat32("f64").ShouldBe([0.25f, -1e-3f]);
        file.ReadFloat64("f64").ShouldBe([0.25, -1e-3]);
        file.ReadFloat64("f32").ShouldBe([1.5, -2]);
        file.ReadFloat32("f16").ShouldBe([0.5f, 65504f]);
        file.ReadFloat32("bf16").ShouldBe([1f, -2f]);
        file.ReadInt64("i64").ShouldBe([long.MinValue, long.MaxValue]);
        file.ReadInt64("i32").ShouldBe([-7L]);
        file.ReadInt64("i16").ShouldBe([-8L]);
        file.ReadInt64("i8").ShouldBe([-9L]);
        file.ReadInt64("u8").ShouldBe([255L]);
        file.ReadInt64("u16").ShouldBe([65535L]);
        file.ReadInt64("u32").ShouldBe([uint.MaxValue]);
        file.ReadInt64("u64").ShouldBe([12L]);
        file.ReadInt64("bool").ShouldBe([0L, 1L]);
        file.Get("scalar").Shape.ShouldBeEmpty();
        file.ReadFloat32("scalar").ShouldBe([4f]);
        file.ReadFloat32("empty").ShouldBeEmpty();
        file.Get("empty").Shape.ShouldBe([3L, 0L]);
        file.Metadata["format"].ShouldBe("pt");
    }

    [Fact]
    public void Address_points_into_the_map_and_dies_with_the_file()
    {
        var path = _folder.File("a.safetensors");
        new SafetensorsWriter().Add("x", [3], new[] { 1f, 2f, 3f }).Write(path);
        var file = SafetensorsFile.Open(path);
        Marshal.PtrToStructure<float>(file.Address("x") + 4).ShouldBe(2f);
        file.Dispose();
        file.Dispose();
        Should.Throw<ObjectDisposedException>(() => file.Address("x"));
        Should.Throw<ObjectDisposedException>(() => file.ReadFloat32("x"));
    }

    [Fact]
    public void Wrong_kind_of_number_and_unknown_name_are_named()
    {
        var path = _folder.File("a.safetensors");
        new SafetensorsWriter()
            .Add("ids", [1], new[] { 1L })
            .Add("w", [1], new[] { 1f })
            .Add("b", SafetensorsType.Bool, [1], Bytes<byte>(2))
            .Add("big", SafetensorsType.U64, [1], Bytes(ulong.MaxValue))
            .Write(path);
        using var file = SafetensorsFile.Open(path);
        Should.Throw<SafetensorsException>(() => file.ReadFloat32("ids")).Message.ShouldContain("'ids'");
        Should.Throw<SafetensorsException>(() => file.ReadInt64("w")).Message.ShouldContain("F32");
        Should.Throw<SafetensorsException>(() => file.ReadInt64("b")).Message.ShouldContain("truth values");
        Should.Throw<SafetensorsException>(() => file.ReadInt64("big")).Message.ShouldContain("2^63");
        var error = Should.Throw<SafetensorsException>(() => file.Get("nope"));
        error.Entry.ShouldBe("nope");
        error.Path.ShouldBe(path);
    }

    public static TheoryData<string, string, int, string> Broken =>
        new()
        {
            { "not an object", "[1,2]", 0, "begin with '{'" },
            { "leading space", " {}", 0, "begin with '{'" },
            { "cut JSON", "{\"a\":{", 0, "not valid JSON" },
            { "rest after the object", "{} {}", 0, "not valid JSON" },
            { "hole at the beginning", "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}", 4, "hole" },
            {
                "hole in the middle",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[2,3]}}",
                3,
                "hole"
            },
            {
                "overlap",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}",
                4,
                "inside"
            },
            {
                "same bytes twice",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},\"b\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}",
                3,
                "inside"
            },
            { "claims more than the file", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 7, "cut short" },
            { "bytes after the last tensor", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 2, "follow the header" },
            { "data without tensors", "{}", 1, "follow the header" },
            { "shape and bytes disagree", "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8, "takes 12 bytes" },
            {
                "product overflows",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}",
                0,
                "more elements"
            },
            {
                "overflow hidden by a zero",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,4611686018427387904,4],\"data_offsets\":[0,0]}}",
                0,
                "more elements"
            },
            {
                "size above 64 bits",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[18446744073709551616],\"data_offsets\":[0,0]}}",
                0,
                "whole numbers"
            },
            { "negative size", "{\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,1]}}", 1, "whole numbers" },
            { "fraction", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1.5],\"data_offsets\":[0,1]}}", 1, "whole numbers" },
            { "offsets reversed", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,0]}}", 1, "begin <= end" },
            { "three offsets", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1,2]}}", 1, "begin <= end" },
            { "unknown type", "{\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "unknown dtype 'F31'" },
            { "no type", "{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "'dtype' is missing" },
            { "type twice", "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "twice" },
            { "unknown field", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"code\":\"x\"}}", 1, "unknown field" },
            {
                "name twice",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}",
                2,
                "names it twice"
            },
            { "metadata twice", "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "twice" },
            { "metadata key twice", "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0, "twice" },
            { "metadata is no text", "{\"__metadata__\":{\"k\":1}}", 0, "texts only" },
            { "entry is a number", "{\"a\":1}", 0, "must be an object" },
            { "deep nesting", "{\"a\":" + new string('[', 1000), 0, "must be an object" },
            { "lone surrogate", "{\"\\ud800\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "not valid JSON" },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Refuses_broken_headers(string what, string header, int dataLength, string message)
    {
        var path = _folder.File("broken.safetensors");
        File.WriteAllBytes(path, HandMade.File(header, dataLength));
        var error = Should.Throw<SafetensorsException>(() => SafetensorsFile.Open(path), what);
        error.Message.ShouldContain(message);
        error.Message.ShouldStartWith(path);
    }

    [Theory]
    [InlineData(100_000_001UL, "at most")]
    [InlineData(ulong.MaxValue, "at most")]
    [InlineData(100_000_000UL, "cut short")]
    [InlineData(3UL, "cut short")]
    [InlineData(0UL, "begin with '{'")]
    public void Refuses_wrong_header_lengths(ulong claimed, string message)
    {
        var path = _folder.File("length.safetensors");
        File.WriteAllBytes(path, HandMade.File("{}"u8.ToArray(), 0, claimed));
        Should.Throw<SafetensorsException>(() => SafetensorsFile.Open(path)).Message.ShouldContain(message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Refuses_files_without_a_length(int length)
    {
        var path = _folder.File("short.safetensors");
        File.WriteAllBytes(path, new byte[length]);
        Should.Throw<SafetensorsException>(() => SafetensorsFile.Open(path)).Message.ShouldContain("at least 8");
    }

    [Fact]
    public void Names_that_are_not_utf8_are_refused()
    {
        var path = _folder.File("utf8.safetensors");
        var header = "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}"u8.ToArray();
        header[2] = 0xFF;
        File.WriteAllBytes(path, HandMade.File(header, 1));
        Should.Throw<SafetensorsException>(() => SafetensorsFile.Open(path)).Message.ShouldContain("not valid JSON");
    }

    [Fact]
    public void A_long_name_is_shortened_in_the_message()
    {
        var path = _folder.File("long.safetensors");
        File.WriteAllBytes(path, HandMade.File($"{{\"{new string('n', 100_000)}\":{{}}}}", 0));
        Should.Throw<SafetensorsException>(() => SafetensorsFile.Open(path)).Message.Length.ShouldBeLessThan(1000);
    }

    [Fact]
    public void A_misaligned_tensor_is_read()
    {
        var path = _folder.File("odd.safetensors");
        var bytes = HandMade.File(
            "{\"b\":{\"dtype\":\"BOOL\",\"shape\":[1],\"data_offsets\":[0,1]},\"f\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[1,5]}}",
            5
        );
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 4), 2.5f);
        File.WriteAllBytes(path, bytes);
        using var file = SafetensorsFile.Open(path);
        file.ReadFloat32("f").ShouldBe([2.5f]);
    }

    private static ReadOnlyMemory<byte> Bytes<T>(params T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();
}
