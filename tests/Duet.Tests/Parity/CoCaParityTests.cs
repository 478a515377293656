// CoCa against open_clip: both towers, the pooler, the decoder, both losses with gradients, greedy captions.
using System.Text.Json;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Generation;
using Duet.Models.Pretrained;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Parity;

public sealed class CoCaParityTests
{
    private const int PublishedHeadWidth = 64;

    [SkippableFact]
    public void Open_clip_model() =>
        ParityCase.ForEach(
            "coca",
            found =>
            {
                using var model = Build(found.Config);
                NameMapCoCa.OpenClip.Load(model, found.Weights, found.Folder.Name);
                var mask = found.Inputs["text"].ne(found.Config.GetProperty("pad_id").GetInt32());
                var (image, imageTokens) = Picture(found, model);
                var (text, textTokens) = Text(found, model, mask);
                var states = Decoder(found, model, textTokens, imageTokens);
                Losses(found, model, (image, text), states, mask);
                Captions(found, model);
            }
        );

    private static CoCa Build(JsonElement config)
    {
        var (vision, text, decoder) = (
            config.GetProperty("vision_cfg"),
            config.GetProperty("text_cfg"),
            config.GetProperty("multimodal_cfg")
        );
        var width = vision.GetProperty("width").GetInt32();
        decoder.GetProperty("width").GetInt32().ShouldBe(text.GetProperty("width").GetInt32(), "both halves of the decoder have one width");
        var options = new CoCaOptions
        {
            ImageSize = vision.GetProperty("image_size").GetInt32(),
            ContextLength = text.GetProperty("context_length").GetInt32(),
            JointWidth = config.GetProperty("embed_dim").GetInt32(),
            Activation = config.GetProperty("quick_gelu").GetBoolean() ? Activation.QuickGelu : Activation.Gelu,
            NormEpsilon = config.GetProperty("layer_norm_eps").GetDouble(),
            ContrastiveWeight = config.GetProperty("clip_loss_weight").GetDouble(),
            CaptionWeight = config.GetProperty("caption_loss_weight").GetDouble(),
            LegacyClassMask = !(text.TryGetProperty("correct_cls_mask", out var correct) && correct.GetBoolean()),
            Pooling = Pooling(vision.GetProperty("attentional_pool")),
            PoolerQueries = vision.TryGetProperty("attn_pooler_queries", out var queries) ? queries.GetInt32() : 256,
            PoolerHeads = vision.TryGetProperty("attn_pooler_heads", out var heads) ? heads.GetInt32() : 8,
            Image = new()
            {
                PatchSize = vision.GetProperty("patch_size").GetInt32(),
                Width = width,
                Layers = vision.GetProperty("layers").GetInt32(),
                Heads = width / (int)(vision.OptionalLong("head_width") ?? PublishedHeadWidth),
                MlpRatio = vision.TryGetProperty("mlp_ratio", out var ratio) ? ratio.GetDouble() : 4,
            },
            Text = new()
            {
                Width = text.GetProperty("width").GetInt32(),
                Heads = text.GetProperty("heads").GetInt32(),
                Layers = text.GetProperty("layers").GetInt32(),
            },
            TextMlpRatio = text.TryGetProperty("mlp_ratio", out var textRatio) ? textRatio.GetDouble() : 4,
            DecoderHeads = decoder.GetProperty("heads").GetInt32(),
            DecoderLayers = decoder.GetProperty("layers").GetInt32(),
        };
        return new CoCa(
            options,
            new ModelContext(
                [],
                text.GetProperty("vocab_size").GetInt32(),
                config.GetProperty("pad_id").GetInt32(),
                config.GetProperty("eot_id").GetInt32(),
                -1
            )
        );
    }

    private static CoCaPooling Pooling(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True => CoCaPooling.Single,
            JsonValueKind.False => CoCaPooling.None,
            _ => Enum.Parse<CoCaPooling>(value.GetString()!, ignoreCase: true),
        };

    private static (Tensor Embedding, Tensor Tokens) Picture(ParityCase found, CoCa model)
    {
        var (expected, tower) = (found.Expected, model.Image.Tower);
        using var recorder = ForwardRecorder.Begin(model.Image);
        var before = tower.NormalizeBefore(tower.Embed(tower.Patches(found.Inputs["image"])));
        var (embedding, tokens) = model.Image.Pool(tower.Encode(before));
        expected.Hidden("visual.after_ln_pre", before);
        expected.HiddenSeries("visual.hidden_", recorder.Hidden());
        foreach (var (what, name) in new[] { ("pooled", "visual.attention_pool"), ("normalized", "visual.after_ln_post") })
        {
            foreach (var result in recorder.Of(what))
            {
                expected.Hidden(name, result);
            }
        }

        expected.Hidden("visual.pooled_projected", embedding);
        expected.Hidden("image_tokens_for_decoder", tokens);
        expected.Hidden("image_features", nn.functional.normalize(embedding, dim: -1));
        return (embedding, tokens);
    }

    private static (Tensor Embedding, Tensor Tokens) Text(ParityCase found, CoCa model, Tensor mask)
    {
        var (expected, ids) = (found.Expected, found.Inputs["text"]);
        using var recorder = ForwardRecorder.Begin(model.Text);
        var (embedding, tokens) = model.Text.Encode(ids, mask);
        expected.Hidden("text.tokens_with_position_and_class", model.Text.Embed(ids));
        expected.Integers("text.additive_mask", model.Text.Mask(mask).squeeze(1).clamp(-1e9));
        expected.HiddenSeries("text.hidden_", recorder.Hidden());
        expected.Hidden("text.pooled_projected", embedding);
        expected.Hidden("text_tokens_for_decoder", tokens);
        expected.Hidden("text_features", nn.functional.normalize(embedding, dim: -1));
        return (embedding, tokens);
    }

    private static Tensor Decoder(ParityCase found, CoCa model, Tensor textTokens, Tensor imageTokens)
    {
        var expected = found.Expected;
        using var recorder = ForwardRecorder.Begin(model.Decoder);
        var states = model.Decoder.Decode(textTokens, imageTokens);
        expected.HiddenSeries("decoder.after_self_", recorder.Hidden().Where((_, k) => k % 2 == 0));
        expected.HiddenSeries("decoder.after_cross_", recorder.Hidden().Where((_, k) => k % 2 == 1));
        expected.Hidden("decoder.after_ln_final", states);
        expected.Hidden("logits", model.Decoder.Predict(states));
        return states;
    }

    private static void Losses(ParityCase found, CoCa model, (Tensor Image, Tensor Text) features, Tensor states, Tensor mask)
    {
        var expected = found.Expected;
        var options = (CoCaOptions)model.Options;
        expected.Hidden("logit_scale_exp", model.Contrastive.LogitScale.exp());
        expected.Loss("loss_contrastive_weighted", model.Contrastive.Forward(features.Image, features.Text) * options.ContrastiveWeight);
        expected.Loss("loss_caption_weighted", model.CaptionLoss(states, found.Inputs["text"], mask) * options.CaptionWeight);

        var everywhere = ones([mask.size(0)], dtype: ScalarType.Bool);
        var total = model.PretrainingLoss(new Batch(found.Inputs["image"], found.Inputs["text"], mask, everywhere, everywhere));
        expected.Loss("loss_total", total);
        total.backward();
        var gradients = ParityGradients.Published(model, NameMapCoCa.OpenClip, found.Weights);
        expected.Gradients(gradients);
        expected.GradientNorms(gradients);
    }

    private static void Captions(ParityCase found, CoCa model)
    {
        var config = found.Config;
        var options = new CaptionOptions(
            config.GetProperty("sot_id").GetInt32(),
            config.GetProperty("eot_id").GetInt32(),
            config.GetProperty("pad_id").GetInt32(),
            config.GetProperty("generate_max_length").GetInt32()
        );
        var minimum = config.GetProperty("generate_min_length").GetInt32();
        var pixels = found.Inputs["image"];
        found.Expected.Integers("generated_greedy", new CaptionGenerator(options).Caption(model, pixels));
        found.Expected.Integers(
            "generated_greedy_min_length",
            new CaptionGenerator(options with { MinimumLength = minimum }).Caption(model, pixels)
        );
    }
}
