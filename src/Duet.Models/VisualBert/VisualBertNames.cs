// The published names of VisualBERT's tensors.
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>Tables of published VisualBERT names.</summary>
public static class VisualBertNames
{
    /// <summary>
    /// uclanlp/visualbert's encoder to <see cref="VisualBertNetwork"/> under <c>network</c>, its pre-training heads under <c>words</c> and
    /// <c>next</c>.
    /// </summary>
    public static NameMap Pretraining { get; } =
        new([
            NameRule.Copy("bert.embeddings.projection.{p:weight|bias}", "network.visual.projection.{p}"),
            NameRule.Copy(
                "bert.embeddings.{t:token_type|position}_embeddings_visual.weight",
                "network.visual.{t}_embeddings_visual.weight"
            ),
            .. BertNames.Encoder("bert.", "network.bert."),
            .. BertNames.Heads("cls.", string.Empty),
            NameRule.Ignore("cls.predictions.decoder.weight", "it is the word table"),
        ]);

    /// <summary>The same with the task heads, which the published code names <c>classifier</c> and <c>flickr_attention</c> in a model
    /// each.</summary>
    /// <param name="separator">The separator of a task's name and its tensors.</param>
    public static NameMap WithTasks(string separator) =>
        Pretraining.With(
            NameRule.Copy($"{{t:nlvr|multichoice|vqa}}{separator}classifier.{{p:weight|bias}}", "{t}.{p}"),
            NameRule.Ignore($"flickr{separator}flickr_attention.value.{{rest*}}", "the published head has values and never uses them"),
            NameRule.Copy($"flickr{separator}flickr_attention.{{t:query|key}}.{{p:weight|bias}}", "flickr.{t}.{p}")
        );
}
