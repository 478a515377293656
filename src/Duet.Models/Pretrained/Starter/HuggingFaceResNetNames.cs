// torchvision's names of a residual network, as Hugging Face spells them.
using System.Globalization;
using System.Text.RegularExpressions;

namespace Duet.Models.Pretrained.Starter;

/// <summary>The other direction of <see cref="PretrainedNames.HuggingFaceResNet"/>, for writing.</summary>
internal static partial class HuggingFaceResNetNames
{
    /// <summary>The name in <c>ResNetModel</c> (modeling_resnet.py).</summary>
    /// <exception cref="PretrainedException">It is no name of a residual network.</exception>
    internal static string Of(string name)
    {
        var match = Name().Match(name);
        if (!match.Success)
        {
            throw new PretrainedException($"'{name}' is not the name of a tensor of a residual network without a classifier.");
        }

        string Part(string group) => match.Groups[group].Value;
        string Layer(string group, string convolution) =>
            string.Equals(Part(group), convolution, StringComparison.Ordinal) ? "convolution" : "normalization";
        if (match.Groups["stem"].Success)
        {
            return $"embedder.embedder.{Layer("stem", "conv")}.{Part("rest")}";
        }

        var block = $"encoder.stages.{Number(Part("stage")) - 1}.layers.{Part("block")}.";
        return match.Groups["short"].Success
            ? $"{block}shortcut.{Layer("short", "0")}.{Part("rest")}"
            : $"{block}layer.{Number(Part("layer")) - 1}.{Layer("kind", "conv")}.{Part("rest")}";
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^((?<stem>conv|bn)1|layer(?<stage>[1-9])\.(?<block>[0-9]{1,3})\.(downsample\.(?<short>[01])|(?<kind>conv|bn)(?<layer>[123])))\.(?<rest>weight|bias|running_mean|running_var)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Name();
}
