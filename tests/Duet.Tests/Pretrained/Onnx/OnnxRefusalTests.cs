// ONNX files that are damaged, hostile, or hold something else are refused, and the message says what is wrong.
using Duet.Models.Pretrained;
using Duet.Models.Pretrained.Onnx;
using Duet.Tests.Data;
using Duet.Torch;
using Duet.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Pretrained.Onnx;

[Collection(RandomNumbersCollection.Name)]
public sealed class OnnxRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Data_in_the_same_folder_is_followed()
    {
        _folder.Write("weights.bin", [.. new byte[4], .. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f)]);
        using var weights = Open(
            new OnnxBuilder().External("a.weight", [2], ("location", "weights.bin"), ("offset", "4"), ("length", "8"))
        );
        weights.ReadFloat32("a.weight").ShouldBe([1.5f, -2f]);
    }

    [Theory]
    [InlineData("../weights.bin")]
    [InlineData("/etc/hostname")]
    [InlineData("inner/../../weights.bin")]
    [InlineData("..\\weights.bin")]
    [InlineData("C:weights.bin")]
    [InlineData("")]
    [InlineData("./weights.bin")]
    public void Data_elsewhere_is_refused(string location) =>
        Says(new OnnxBuilder().External("a.weight", [2], ("location", location)), "a.weight", $"'{location}'", "own folder");

    [Fact]
    public void Data_that_does_not_belong_to_the_file()
    {
        _folder.Write("weights.bin", new byte[8]);
        Says(new OnnxBuilder().External("a.weight", [2], ("location", "gone.bin")), "gone.bin", "not there");
        Says(new OnnxBuilder().External("a.weight", [2], ("offset", "0")), "its name is missing");
        Says(new OnnxBuilder().External("a.weight", [3], ("location", "weights.bin")), "takes 12 bytes", "has 8");
        Says(new OnnxBuilder().External("a.weight", [2], ("location", "weights.bin"), ("offset", "1")), "8 bytes at 1");
        Says(
            new OnnxBuilder().External("a.weight", [2], ("location", "weights.bin"), ("offset", "9223372036854775807")),
            "at 9223372036854775807"
        );
        Says(new OnnxBuilder().External("a.weight", [2], ("location", "weights.bin"), ("length", "4")), "said to be 4 bytes");
        Says(new OnnxBuilder().External("a.weight", [2], ("location", "weights.bin"), ("offset", "-1")), "offset '-1'");
    }

    [Fact]
    public void Shapes_that_do_not_fit_the_bytes()
    {
        Says(new OnnxBuilder().Stored("a.weight", [3], 1, new byte[8]), "'a.weight' of shape [3] takes 12 bytes, but 8 are stored");
        Says(new OnnxBuilder().Stored("a.weight", [-1], 1, []), "impossible shape [-1]");
        Says(new OnnxBuilder().Stored("a.weight", [long.MaxValue, long.MaxValue, 4], 1, []), "impossible shape");
        Says(new OnnxBuilder().Stored("a.weight", [1L << 40], 1, []), "takes 4398046511104 bytes");
        Says(new OnnxBuilder().Stored("a.weight", [.. Enumerable.Repeat(1L, 20)], 1, new byte[4]), "more than 16 numbers");
    }

    [Fact]
    public void Elements_that_are_no_weights()
    {
        Says(new OnnxBuilder().Stored("a.weight", [2], 17, [1, 2]), "8-bit floats", "full-precision");
        Says(new OnnxBuilder().Stored("a.weight", [2], 22, [1]), "4-bit numbers");
        Says(new OnnxBuilder().Stored("a.weight", [2], 99, [1]), "unknown type 99");
        Says(new OnnxBuilder().Tensor("a.weight", [1], [1]).Node("DequantizeLinear", ["q", "s"], ["x"]), "quantised");
        Says(
            new OnnxBuilder().Tensor("a.weight", [1], [1]).NodeOf("com.microsoft", "Attention", ["x"], ["y"]),
            "rewritten for ONNX Runtime",
            "Attention"
        );
    }

    [Fact]
    public void Too_much_of_something()
    {
        Says(new OnnxBuilder().Tensor(new string('n', 2000), [1], [1]), "name has 2000 bytes");
        Says(new OnnxBuilder().Node("Add", [.. Enumerable.Repeat("x", 5000)], ["y"]), "more than 4096");
        Says(new OnnxBuilder().Tensor("a.weight", [1], [1]).Tensor("a.weight", [1], [2]), "'a.weight' twice");
        Says(new OnnxBuilder().Node("Add", ["x"], ["y"]).Node("Mul", ["x"], ["y"]), "two nodes write 'y'");
        var many = new OnnxBuilder();
        for (var node = 0; node <= OnnxLimits.Nodes; node++)
        {
            many.Part(1, _ => { });
        }

        Says(many, $"more than {OnnxLimits.Nodes} nodes");
    }

    [Fact]
    public void Other_files()
    {
        var text = _folder.Write("text.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
        Should.Throw<PretrainedException>(() => PretrainedSource.Open(text)).Message.ShouldContain("no ONNX file");
        var empty = _folder.Write("empty.onnx", string.Empty);
        Should.Throw<PretrainedException>(() => PretrainedSource.Open(empty)).Message.ShouldContain("holds no graph");
        Should.Throw<PretrainedException>(() => PretrainedSource.Open(_folder["folder/gone.onnx"])).IsMissing.ShouldBeTrue();
        var other = _folder.Write("other.onnx", new OnnxBuilder().Tensor("head.weight", [2], [1, 2]).Build());
        Should
            .Throw<PretrainedException>(() => PretrainedSource.Open(other))
            .Message.ShouldSatisfyAllConditions(
                message => message.ShouldContain("head.weight"),
                message => message.ShouldContain("config.json")
            );
    }

    [Fact]
    public void A_residual_network_of_another_kind()
    {
        using var scope = NewDisposeScope();
        using var original = TinyTowers.Random("resnet", TinyTowers.ResNet, 1);
        var state = PublishedState.TorchvisionResNet(original.NamedState(), "image.");
        state["layer1.0.conv2.weight"] = zeros([4, 4, 5, 5]);
        Refused(OnnxExport.ResNet(state, merged: false), "5x5");
        Refused(Other("kernel_shape", 2), "pool");
        Refused(Other("epsilon", 1e-3f), "epsilon");

        byte[] Other(string setting, object value) =>
            new OnnxBuilder()
                .Tensor("w", [4, 3, 7, 7], new float[4 * 3 * 49])
                .Tensor("v", [4], [1, 1, 1, 1])
                .Node("Conv", ["x", "w"], ["c"], ("strides", new[] { 2, 2 }), ("pads", new[] { 3, 3, 3, 3 }))
                .Node("BatchNormalization", ["c", "v", "v", "v", "v"], ["n"], (setting, setting == "epsilon" ? value : 1e-5f))
                .Node("Relu", ["n"], ["r"])
                .Node("MaxPool", ["r"], ["p"], (setting, value))
                .Node("Add", ["p", "p"], ["s"])
                .Build();
    }

    [Fact]
    public void A_bert_that_does_not_tell_its_heads()
    {
        using var scope = NewDisposeScope();
        using var original = TinyTowers.Random("bert", TinyTowers.Bert, 1);
        var path = _folder.Write(
            "bert.onnx",
            OnnxExport.Bert(PublishedState.HuggingFaceBert(original.NamedState(), "bert.", string.Empty), headWidth: 0)
        );
        Should.Throw<PretrainedException>(() => PretrainedSource.Open(path)).Message.ShouldContain("num_attention_heads");
    }

    // Whatever is changed in a file, it is read or refused; nothing else comes out, and no address outside the file is touched.
    [Fact]
    public void Damaged_files_are_refused_in_order()
    {
        using var scope = NewDisposeScope();
        using var original = TinyTowers.Random("bert", TinyTowers.Bert, 1);
        using var network = TinyTowers.Random("resnet", TinyTowers.ResNet, 1);
        byte[][] files =
        [
            OnnxExport.Bert(PublishedState.HuggingFaceBert(original.NamedState(), "bert.", string.Empty), headWidth: 4),
            OnnxExport.ResNet(PublishedState.TorchvisionResNet(network.NamedState(), "image."), merged: true),
        ];
        var random = new Random(7);
        var refused = 0;
        for (var trial = 0; trial < 600; trial++)
        {
            var file = files[trial % 2];
            var damaged = GC.AllocateUninitializedArray<byte>(trial % 5 == 0 ? random.Next(file.Length) : file.Length, pinned: true);
            file.AsSpan(0, damaged.Length).CopyTo(damaged);
            for (var change = 0; change < 1 + (trial % 7); change++)
            {
                // Most of a file is weights; names and lengths are where damage is told from nonsense.
                damaged[random.Next(trial % 3 == 0 ? damaged.Length : Math.Min(damaged.Length, 400))] = (byte)random.Next(256);
            }

            try
            {
                using var weights = OnnxWeights.Of(OnnxReader.Read(damaged, "damaged"));
                foreach (var entry in weights.Entries)
                {
                    weights.Bytes(entry.Name).Length.ShouldBe((int)entry.Length);
                }
            }
            catch (PretrainedException e)
            {
                e.Message.ShouldStartWith("damaged: ");
                refused++;
            }
        }

        refused.ShouldBeInRange(100, 600);
    }

    private OnnxWeights Open(OnnxBuilder file) => OnnxWeights.Open(_folder.Write("model.onnx", file.Build()));

    private void Says(OnnxBuilder file, params string[] parts)
    {
        var message = Should.Throw<PretrainedException>(() => Open(file).Dispose()).Message;
        message.ShouldStartWith(_folder["model.onnx"]);
        foreach (var part in parts)
        {
            message.ShouldContain(part);
        }
    }

    private void Refused(byte[] file, string part)
    {
        var path = _folder.Write("network.onnx", file);
        Should.Throw<PretrainedException>(() => OnnxWeights.Open(path).Dispose()).Message.ShouldContain(part);
    }
}
