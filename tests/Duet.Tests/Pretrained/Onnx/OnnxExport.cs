// Writes published weights as exporters write them: linear matrices transposed and without a name, norms merged into convolutions.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Pretrained.Onnx;

/// <summary>ONNX files of a BERT and of a residual network, from their state dictionaries. Only what names weights is there of the
/// graphs.</summary>
internal static class OnnxExport
{
    /// <summary>Hugging Face's BertModel, as torch.onnx writes it.</summary>
    /// <param name="state">Its state dictionary.</param>
    /// <param name="headWidth">Values per attention head; 0 leaves the scale out.</param>
    public static byte[] Bert(Dictionary<string, Tensor> state, int headWidth, OnnxStorage storage = OnnxStorage.Raw)
    {
        var file = new OnnxBuilder();
        var number = 900;
        foreach (var (name, tensor) in state.OrderBy(tensor => tensor.Key, StringComparer.Ordinal))
        {
            var stem = name[..(name.LastIndexOf('.') + 1)];
            if (tensor.dtype == ScalarType.Int64)
            {
                file.Integers(name, tensor.shape, [.. tensor.data<long>()]);
            }
            else if (name.EndsWith("pooler.dense.weight", StringComparison.Ordinal))
            {
                file.Tensor(name, tensor.shape, Values(tensor), storage)
                    .Node("Gemm", ["first", name, $"{stem}bias"], [$"{stem}out"], ("transB", 1));
            }
            else if (tensor.dim() == 2 && !name.Contains("embeddings", StringComparison.Ordinal))
            {
                var matrix = $"onnx::MatMul_{number++}";
                file.Tensor(matrix, [tensor.size(1), tensor.size(0)], Values(tensor.transpose(0, 1)), storage)
                    .Node("MatMul", [$"{stem}in", matrix], [$"{stem}product"])
                    .Node("Add", number % 2 == 0 ? [$"{stem}bias", $"{stem}product"] : [$"{stem}product", $"{stem}bias"], [$"{stem}out"]);
            }
            else if (name.EndsWith("layer.1.output.LayerNorm.bias", StringComparison.Ordinal))
            {
                // As if its values were those of another tensor, which is stored once.
                file.Tensor("shared", tensor.shape, Values(tensor), storage).Node("Identity", ["shared"], [name]);
            }
            else
            {
                file.Tensor(name, tensor.shape, Values(tensor), storage);
            }
        }

        if (headWidth > 0)
        {
            file.Node("Constant", [], ["root"], ("value", new[] { MathF.Sqrt(headWidth) }))
                .Node("Div", ["scores", "root"], ["scaled"])
                .Node("Add", ["scaled", "mask"], ["masked"])
                .Node("Softmax", ["masked"], ["shares"]);
        }

        return file.Integers("onnx::Unsqueeze_1", [1], 1).Build();
    }

    /// <summary>torchvision's resnet: numbered weights, the down-sampling convolution before its block's own.</summary>
    /// <param name="state">Its state dictionary.</param>
    /// <param name="merged">Whether norms are merged into the convolutions before them.</param>
    public static byte[] ResNet(Dictionary<string, Tensor> state, bool merged)
    {
        var graph = new Graph(state, merged);
        var trunk = graph.Pool(graph.Relu(graph.Convolution("conv1", "bn1", "pixels", 2)));
        for (var stage = 1; state.ContainsKey($"layer{stage}.0.conv1.weight"); stage++)
        {
            for (var block = 0; state.ContainsKey($"layer{stage}.{block}.conv1.weight"); block++)
            {
                var (name, stride) = ($"layer{stage}.{block}", stage > 1 && block == 0 ? 2 : 1);
                var shortcut = state.ContainsKey($"{name}.downsample.0.weight")
                    ? graph.Convolution($"{name}.downsample.0", $"{name}.downsample.1", trunk, stride)
                    : trunk;
                var layers = state.ContainsKey($"{name}.conv3.weight") ? 3 : 2;
                var hidden = trunk;
                for (var layer = 1; layer <= layers; layer++)
                {
                    hidden = graph.Convolution($"{name}.conv{layer}", $"{name}.bn{layer}", hidden, layer == layers - 1 ? stride : 1);
                    hidden = layer < layers ? graph.Relu(hidden) : hidden;
                }

                trunk = graph.Relu(graph.Sum(hidden, shortcut));
            }
        }

        return graph
            .File.Tensor("fc", state["fc.weight"].shape, Values(state["fc.weight"]))
            .Node("Gemm", ["pooled", "fc"], ["logits"], ("transB", 1))
            .Build();
    }

    private static float[] Values(Tensor tensor) => tensor.detach().contiguous().ToArray();

    private sealed class Graph(Dictionary<string, Tensor> state, bool merged)
    {
        private int _number;

        public OnnxBuilder File { get; } = new();

        public string Convolution(string name, string norm, string input, int stride)
        {
            var kernel = state[$"{name}.weight"];
            var pad = (int)kernel.size(2) / 2;
            var end = stride == 2 && pad > 0 ? pad - 1 : pad;
            (string, object)[] settings = [("strides", new[] { stride, stride }), ("pads", new[] { pad, pad, end, end })];
            var (weight, bias, mean, variance) = (
                state[$"{norm}.weight"],
                state[$"{norm}.bias"],
                state[$"{norm}.running_mean"],
                state[$"{norm}.running_var"]
            );
            if (merged)
            {
                var factor = weight / (variance + 1e-5).sqrt();
                File.Node("Conv", [input, Add(kernel * factor.reshape(-1, 1, 1, 1)), Add(bias - (mean * factor))], [Next()], settings);
                return Last();
            }

            File.Node("Conv", [input, Add(kernel)], [Next()], settings);
            var result = Last();
            File.Node("BatchNormalization", [result, Add(weight), Add(bias), Add(mean), Add(variance)], [Next()], ("epsilon", 1e-5f));
            return Last();
        }

        public string Relu(string input) => Apply("Relu", input);

        public string Sum(string first, string second)
        {
            File.Node("Add", [first, second], [Next()]);
            return Last();
        }

        public string Pool(string input)
        {
            File.Node(
                "MaxPool",
                [input],
                [Next()],
                ("kernel_shape", new[] { 3, 3 }),
                ("strides", new[] { 2, 2 }),
                ("pads", new[] { 1, 1, 1, 1 })
            );
            return Last();
        }

        private string Apply(string kind, string input)
        {
            File.Node(kind, [input], [Next()]);
            return Last();
        }

        private string Add(Tensor tensor)
        {
            var name = $"Parameter{++_number}";
            File.Tensor(name, tensor.shape, Values(tensor), OnnxStorage.Packed);
            return name;
        }

        private string Next() => $"t{++_number}";

        private string Last() => $"t{_number}";
    }
}
