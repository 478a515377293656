// Checkpoints in shards: the good one, and every way in which an index can lie.
using Duet.Torch.Safetensors;

namespace Duet.Torch.Tests.Safetensors;

public sealed class ShardedSafetensorsTests : IDisposable
{
    private const string First = "model-00001-of-00002.safetensors";
    private const string Second = "model-00002-of-00002.safetensors";

    private readonly TemporaryFolder _folder = new();

    public ShardedSafetensorsTests()
    {
        new SafetensorsWriter().Add("a", [1], new[] { 1f }).AddMetadata("format", "pt").Write(_folder.File(First));
        new SafetensorsWriter().Add("b", [1], new[] { 2f }).Add("c", [1], new[] { 3L }).Write(_folder.File(Second));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_across_shards()
    {
        Index($$$"""{"metadata":{"total_size":16},"weight_map":{"a":"{{{First}}}","b":"{{{Second}}}","c":"{{{Second}}}"}}""");
        using var source = SafetensorsSource.Open(_folder.Path);
        source.ShouldBeOfType<ShardedSafetensors>();
        source.Entries.Select(entry => entry.Name).ShouldBe(["a", "c", "b"]);
        source.ReadFloat32("b").ShouldBe([2f]);
        source.ReadInt64("c").ShouldBe([3L]);
        source.Metadata["format"].ShouldBe("pt");
        Should.Throw<SafetensorsException>(() => source.ReadFloat32("d")).Message.ShouldContain("'d'");
    }

    [Theory]
    [InlineData("../outside.safetensors")]
    [InlineData("/etc/passwd.safetensors")]
    [InlineData("..\\\\outside.safetensors")]
    [InlineData("sub/inside.safetensors")]
    [InlineData("C:x.safetensors")]
    [InlineData("weights.bin")]
    [InlineData("")]
    public void Files_elsewhere_are_refused(string file)
    {
        Index($$$"""{"weight_map":{"a":"{{{file}}}"}}""");
        Should.Throw<SafetensorsException>(() => SafetensorsSource.Open(_folder.Path)).Message.ShouldContain("plain name");
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("[]", "weight_map")]
    [InlineData("{}", "weight_map")]
    [InlineData("""{"weight_map":[]}""", "weight_map")]
    [InlineData("""{"weight_map":{"a":3}}""", "plain name")]
    [InlineData("""{"weight_map":{"a":"model-00001-of-00002.safetensors","a":"model-00001-of-00002.safetensors"}}""", "twice")]
    [InlineData("""{"weight_map":{"a":"gone.safetensors"}}""", "'gone.safetensors' is missing")]
    [InlineData(
        """{"weight_map":{"a":"model-00001-of-00002.safetensors","z":"model-00001-of-00002.safetensors"}}""",
        "should hold it and does not"
    )]
    [InlineData("""{"weight_map":{"b":"model-00002-of-00002.safetensors"}}""", "nowhere")]
    [InlineData(
        """{"weight_map":{"a":"model-00002-of-00002.safetensors","b":"model-00002-of-00002.safetensors","c":"model-00001-of-00002.safetensors"}}""",
        "says it is"
    )]
    public void A_wrong_index_is_refused(string index, string message)
    {
        Index(index);
        Should.Throw<SafetensorsException>(() => SafetensorsSource.Open(_folder.Path)).Message.ShouldContain(message);
    }

    [Fact]
    public void A_damaged_shard_is_named()
    {
        Index($$$"""{"weight_map":{"a":"{{{First}}}","b":"{{{Second}}}","c":"{{{Second}}}"}}""");
        var bytes = File.ReadAllBytes(_folder.File(Second));
        File.WriteAllBytes(_folder.File(Second), bytes[..^1]);
        Should.Throw<SafetensorsException>(() => SafetensorsSource.Open(_folder.Path)).Message.ShouldContain(Second);
    }

    [Fact]
    public void A_folder_without_weights_says_what_it_looked_for()
    {
        Should
            .Throw<FileNotFoundException>(() => SafetensorsSource.Open(_folder.Path))
            .Message.ShouldContain("model.safetensors.index.json");
    }

    private void Index(string json) => File.WriteAllText(_folder.File("model.safetensors.index.json"), json);
}
