// Published names of CoCa's tensors.
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>Name maps onto <see cref="CoCa"/>.</summary>
public static class NameMapCoCa
{
    /// <summary>open_clip's <c>CoCa</c> (coca_model.py, transformer.py).</summary>
    public static NameMap OpenClip { get; } =
        new NameMap(
            NameRule.Copy("visual.{x:attn_pool|attn_pool_contrastive|ln_post}.{rest*}", "visual.{x}.{rest}"),
            NameRule.Same("visual.proj"),
            NameRule.Copy("visual.{rest*}", "visual.tower.{rest}"),
            NameRule.Ignore("text{d:|_decoder}.attn_mask", "the causal mask, which is computed"),
            NameRule.Copy("text.{rest*}", "text.{rest}"),
            NameRule.Copy("text_decoder.{rest*}", "text_decoder.{rest}"),
            NameRule.Copy("logit_scale", "contrastive.logit_scale")
        ).WithOptional("missing_{rest*}.vector", "heads.{rest*}");
}
