// The published names of MMBT's tensors.
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>Tables of published MMBT names.</summary>
public static class MmbtNames
{
    /// <summary>facebookresearch/mmbt's <c>MultimodalBertClf</c> to <see cref="MultimodalBitransformer"/> under <c>network</c> and a linear
    /// classifier under <c>classifier</c>.</summary>
    public static NameMap Published { get; } =
        new NameMap([
            .. BertNames.Embeddings("enc.txt_embeddings.", "network.bert.embeddings."),
            .. BertNames.Layers("enc.encoder.layer.{n}.", "network.bert.encoder.resblocks.{n}."),
            NameRule.Copy("enc.pooler.dense.{p:weight|bias}", "network.bert.pooler.{p}"),
            NameRule.Copy("enc.img_embeddings.img_embeddings.{p:weight|bias}", "network.projection.{p}"),
            NameRule.Ignore("enc.img_embeddings.{rest*}", "the picture's part uses the text's tables"),
            NameRule.Copy("enc.img_encoder.model.0.weight", "network.image.conv1.weight"),
            NameRule.Copy("enc.img_encoder.model.1.{rest*}", "network.image.bn1.{rest}"),
            NameRule.Copy("enc.img_encoder.model.4.{rest*}", "network.image.layer1.{rest}"),
            NameRule.Copy("enc.img_encoder.model.5.{rest*}", "network.image.layer2.{rest}"),
            NameRule.Copy("enc.img_encoder.model.6.{rest*}", "network.image.layer3.{rest}"),
            NameRule.Copy("enc.img_encoder.model.7.{rest*}", "network.image.layer4.{rest}"),
            NameRule.Copy("clf.{p:weight|bias}", "classifier.{p}"),
            NameRule.Ignore("enc.clf.{rest*}", "the published model has it and never uses it"),
        ]).WithOptional("{rest*}.num_batches_tracked");
}
