// The name table of every published format.
namespace Duet.Models.Pretrained;

/// <summary>
/// One table per format, from published names to the names of towers (<see cref="Tower"/>): <c>visual.</c>, <c>text.</c>,
/// <c>contrastive.</c>,
/// <c>bert.</c>, <c>t5.</c>, <c>resnet.</c>.
/// </summary>
public static class PretrainedNames
{
    private const int MaxStages = 6;
    private const string OtherHead = "a head for another task";

    /// <summary>Hugging Face's BERT, with or without the prefix <c>bert.</c>, with old or new names of norms, with any of the published
    /// heads.</summary>
    public static NameMap HuggingFaceBert { get; } =
        new([
            .. BertNames.Encoder("bert.", "bert."),
            .. BertNames.Encoder(string.Empty, "bert."),
            .. Heads("cls.{rest*}", "classifier.{rest*}", "qa_outputs.{rest*}"),
        ]);

    /// <summary>Hugging Face's RoBERTa and XLM-R, with or without the prefix <c>roberta.</c>, with any of the published heads.</summary>
    public static NameMap HuggingFaceRoberta { get; } =
        new([
            .. BertNames.Encoder("roberta.", "bert."),
            .. BertNames.Encoder(string.Empty, "bert."),
            .. Heads("lm_head.{rest*}", "classifier.{rest*}", "qa_outputs.{rest*}"),
        ]);

    /// <summary>Hugging Face's ResNet (modeling_resnet.py), with or without the prefix <c>resnet.</c>.</summary>
    public static NameMap HuggingFaceResNet { get; } =
        new NameMap([
            NameRule.Copy("{x:resnet.|}embedder.embedder.convolution.weight", "resnet.conv1.weight"),
            NameRule.Copy("{x:resnet.|}embedder.embedder.normalization.{rest*}", "resnet.bn1.{rest}"),
            .. Enumerable.Range(0, MaxStages).SelectMany(HuggingFaceStage),
            .. Heads("classifier.{rest*}"),
        ]).WithOptional("{rest*}.num_batches_tracked");

    /// <summary>torchvision's ResNet (models/resnet.py).</summary>
    public static NameMap TorchvisionResNet { get; } =
        new NameMap([
            NameRule.Copy("{part:conv1|bn1}.{rest*}", "resnet.{part}.{rest}"),
            NameRule.Copy("layer{n}.{rest*}", "resnet.layer{n}.{rest}"),
            .. Heads("fc.{rest*}"),
        ]).WithOptional("{rest*}.num_batches_tracked");

    /// <summary>A run of Duet: its towers by their places in its system; all else belongs to that system.</summary>
    internal static NameMap DuetRun(IEnumerable<TowerSlot> slots) =>
        new NameMap([
            .. slots.Select(slot => NameRule.Copy($"{slot.Prefix}{{rest*}}", $"{Tower.Of(slot.Tower).Prefix}{{rest}}")),
            NameRule.Ignore("{rest*}", "a part of the run's own system, no tower"),
        ]).WithOptional("{rest*}.num_batches_tracked");

    private static NameRule[] HuggingFaceStage(int stage)
    {
        var theirs = $"{{x:resnet.|}}encoder.stages.{stage}.layers.{{n}}.";
        var ours = $"resnet.layer{stage + 1}.{{n}}.";
        return
        [
            NameRule.Copy($"{theirs}shortcut.convolution.weight", $"{ours}downsample.0.weight"),
            NameRule.Copy($"{theirs}shortcut.normalization.{{rest*}}", $"{ours}downsample.1.{{rest}}"),
            .. Enumerable
                .Range(0, 3)
                .SelectMany(layer =>
                    (NameRule[])
                        [
                            NameRule.Copy($"{theirs}layer.{layer}.convolution.weight", $"{ours}conv{layer + 1}.weight"),
                            NameRule.Copy($"{theirs}layer.{layer}.normalization.{{rest*}}", $"{ours}bn{layer + 1}.{{rest}}"),
                        ]
                ),
        ];
    }

    private static NameRule[] Heads(params string[] names) => Array.ConvertAll(names, name => NameRule.Ignore(name, OtherHead));
}
