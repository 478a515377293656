// The kinds of fixture folders this house knows, by the beginning of the folder's name.
namespace Duet.Tests.Parity;

/// <summary>Maps folder names to kinds; the longest kind that fits wins (<c>bert-wordpiece-2</c> is no <c>bert</c>).</summary>
internal static class FixtureKinds
{
    public static readonly IReadOnlyList<string> Known =
    [
        "bert",
        "bert-wordpiece",
        "clip-preprocess",
        "clip-tokenizer",
        "coca",
        "embracenet",
        "embracenet-bypass",
        "imagebert",
        "kaleido-bert",
        "mmbt",
        "open-clip-siglip",
        "openai-clip-rn",
        "openai-clip-vit",
        "other-preprocess",
        "perceiver-io",
        "perceiver-io-image",
        "sentencepiece-xlmr",
        "siglip",
        "siglip-preprocess",
        "siglip-tokenizer",
        "siglip2",
        "visualbert",
        "vit",
    ];

    /// <summary>The kind of a folder, or null where it is unknown.</summary>
    public static string? Of(string folder) =>
        Known
            .Where(kind =>
                folder.StartsWith(kind, StringComparison.Ordinal)
                && (folder.Length == kind.Length || folder[kind.Length] is '-' or '_' or '.' || char.IsAsciiDigit(folder[kind.Length]))
            )
            .MaxBy(kind => kind.Length);
}
