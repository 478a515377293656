// The published names of T5's tensors.
namespace Duet.Models.Pretrained;

/// <summary>The table of Hugging Face's <c>T5EncoderModel</c>, <c>MT5EncoderModel</c> and their variants with a decoder
/// (modeling_t5.py).</summary>
public static class T5Names
{
    private const string OtherHalf = "the decoder is not part of the encoder";
    private const string Attention = "encoder.block.{n}.layer.0.";
    private const string FeedForward = "encoder.block.{n}.layer.1.";

    /// <summary>The encoder to <see cref="Encoders.T5Encoder"/> under <c>t5.</c>.</summary>
    public static NameMap HuggingFace { get; } =
        new(
            NameRule.Copy("shared.weight", "t5.embeddings.weight"),
            NameRule.Ignore("encoder.embed_tokens.weight", "it is shared.weight"),
            NameRule.Copy($"{Attention}SelfAttention.{{p:q|k|v|o}}.weight", "t5.resblocks.{n}.attn.{p}.weight"),
            NameRule.Copy("encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight", "t5.relative_positions.weight"),
            NameRule.Copy($"{Attention}layer_norm.weight", "t5.resblocks.{n}.ln_1.weight"),
            NameRule.Copy($"{FeedForward}DenseReluDense.{{p:wi|wi_0|wi_1|wo}}.weight", "t5.resblocks.{n}.mlp.{p}.weight"),
            NameRule.Copy($"{FeedForward}layer_norm.weight", "t5.resblocks.{n}.ln_2.weight"),
            NameRule.Copy("encoder.final_layer_norm.weight", "t5.ln_final.weight"),
            NameRule.Ignore("decoder.{rest*}", OtherHalf),
            NameRule.Ignore("lm_head.{rest*}", OtherHalf),
            NameRule.Ignore("classifier.{rest*}", "a head for another task")
        );
}
