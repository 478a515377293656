// The published names of residual networks.
namespace Duet.Models.Pretrained;

/// <summary>Tables of published names of residual networks.</summary>
public static class ResNetNames
{
    /// <summary>torchvision's <c>ResNet</c> to <see cref="Encoders.ResNet"/>; its ImageNet classifier is left out.</summary>
    public static NameMap Torchvision { get; } =
        new NameMap(
            NameRule.Ignore("fc.{rest*}", "the classifier of ImageNet's thousand classes"),
            NameRule.Same("conv1.weight"),
            NameRule.Copy("bn1.{rest*}", "bn1.{rest}"),
            NameRule.Copy("layer{n}.{rest*}", "layer{n}.{rest}")
        ).WithOptional("{rest*}.num_batches_tracked");
}
