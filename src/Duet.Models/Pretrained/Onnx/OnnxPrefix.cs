// Takes off what a wrapper put before the names of a text encoder.
namespace Duet.Models.Pretrained.Onnx;

/// <summary>Exports of a larger module carry its path: <c>0.auto_model.embeddings...</c> is Hugging Face's <c>embeddings...</c>.</summary>
internal static class OnnxPrefix
{
    private const string WordTable = "embeddings.word_embeddings.weight";
    private static readonly string[] Published = ["bert.", "roberta."];

    internal static IReadOnlyList<OnnxWeight> Remove(IReadOnlyList<OnnxWeight> weights)
    {
        var table = weights.FirstOrDefault(weight => weight.Name.EndsWith(WordTable, StringComparison.Ordinal))?.Name;
        if (table is null)
        {
            return weights;
        }

        var prefix = table[..^WordTable.Length];
        prefix = Array.Find(Published, known => prefix.EndsWith(known, StringComparison.Ordinal)) is { } kept
            ? prefix[..^kept.Length]
            : prefix;
        return prefix.Length == 0
            ? weights
            :
            [
                .. weights.Select(weight =>
                    weight.Name.StartsWith(prefix, StringComparison.Ordinal) ? weight with { Name = weight.Name[prefix.Length..] } : weight
                ),
            ];
    }
}
