// The shape of a BERT from its ONNX file, where no configuration lies beside it.
using System.Globalization;
using System.Text.RegularExpressions;
using Duet.Models.Encoders;
using Duet.Text;
using Duet.Torch.Safetensors;

namespace Duet.Models.Pretrained.Onnx;

/// <summary>
/// Width, layers and tables are read from the weights. Heads are not in them, but attention divides its scores by the square root of a
/// head's width, which the graph holds as a constant.
/// </summary>
internal sealed partial class OnnxBert(OnnxWeights weights)
{
    private const int LongestWay = 4;

    /// <summary>Whether the weights have BERT's names.</summary>
    internal static bool IsIn(OnnxWeights weights) => weights.Entries.Any(entry => IsTable(entry, "word"));

    /// <summary>The encoder.</summary>
    /// <exception cref="PretrainedException">A tensor is missing, or the number of heads cannot be told.</exception>
    internal PretrainedTowers Towers()
    {
        var (words, positions, segments) = (Table("word"), Table("position"), Table("token_type"));
        var width = words[1];
        var options = new BertOptions(words[0], width, Layers(), Heads(width), MlpWidth())
        {
            MaximumLength = positions[0],
            SegmentCount = segments[0],
            PaddingToken = 0,
        };
        try
        {
            options.Validate();
        }
        catch (OptionException e)
        {
            throw new PretrainedException($"{weights.Path}: its tensors make no BERT: {e.Message}", e);
        }

        return new(TowerKind.Bert)
        {
            Bert = options,
            Tokenizer = WordPiece.KindName,
            VocabularySize = options.VocabularySize,
        };
    }

    private static bool IsTable(SafetensorsEntry entry, string table) =>
        entry.Shape.Length == 2
        && entry.Name is var name
        && (
            string.Equals(name, $"embeddings.{table}_embeddings.weight", StringComparison.Ordinal)
            || string.Equals(name, $"bert.embeddings.{table}_embeddings.weight", StringComparison.Ordinal)
        );

    private int[] Table(string table) =>
        weights.Entries.FirstOrDefault(entry => IsTable(entry, table)) is { } found
            ? [.. found.Shape.Select(size => checked((int)size))]
            : throw new PretrainedException(
                $"{weights.Path}: it has no table embeddings.{table}_embeddings.weight; a BERT without it is not read."
            );

    private int Layers() =>
        weights
            .Entries.Select(entry => Layer().Match(entry.Name))
            .Where(layer => layer.Success)
            .Select(layer => int.Parse(layer.Groups["n"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))
            .Distinct()
            .Count();

    private int MlpWidth() =>
        weights.Entries.FirstOrDefault(entry => entry.Name.EndsWith("layer.0.intermediate.dense.bias", StringComparison.Ordinal))
            is { Shape: [var size] }
            ? checked((int)size)
            : throw new PretrainedException(
                $"{weights.Path}: it has no encoder.layer.0.intermediate.dense.bias; a BERT without it is not read."
            );

    private int Heads(int width)
    {
        foreach (var softmax in weights.Graph.Nodes.Where(node => node.Is("Softmax")))
        {
            if (Scale(softmax.Input(0), LongestWay) is { } scale && scale > 0)
            {
                // 5.657 to divide by, or 0.177 to multiply with: 32 values per head either way.
                var head = (int)Math.Round(scale > 1 ? (double)scale * scale : 1 / ((double)scale * scale));
                if (head > 0 && width % head == 0)
                {
                    return width / head;
                }
            }
        }

        throw new PretrainedException(
            $"{weights.Path}: its graph does not tell the number of attention heads. Put the model's config.json beside it "
                + $"(model_type and num_attention_heads)."
        );
    }

    // The constant that scores are scaled by, before a mask is added to them.
    private float? Scale(string? tensor, int steps)
    {
        if (steps == 0 || weights.Graph.Producer(tensor) is not { } node)
        {
            return null;
        }

        if (node.Is("Div") || node.Is("Mul"))
        {
            foreach (var input in node.Inputs)
            {
                if (weights.Graph.Stored(input) is { Type: SafetensorsType.F32, Count: 1, External: null } constant)
                {
                    return constant.Values()[0];
                }
            }
        }

        return node.Is("Add") || node.Is("Where") || node.Is("Cast")
            ? node.Inputs.Select(input => Scale(input, steps - 1)).FirstOrDefault(scale => scale is not null)
            : null;
    }

    [GeneratedRegex(@"^(bert\.)?encoder\.layer\.(?<n>[0-9]{1,4})\.", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Layer();
}
