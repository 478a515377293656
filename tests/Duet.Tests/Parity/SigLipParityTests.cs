// SigLIP and SigLIP 2 against Hugging Face and open_clip, opened as published folders: both towers, pooling, sigmoid loss, gradients.
using System.Text.Json;
using System.Text.Json.Nodes;
using Duet.Models;
using Duet.Models.Pretrained;
using Duet.Tests.Pretrained;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Parity;

public sealed class SigLipParityTests
{
    private static readonly NameMap HuggingFace = NameMapSigLip.HuggingFace;

    [SkippableFact]
    public void Hugging_face_model() =>
        ParityCase.ForEach(
            "siglip",
            found =>
            {
                using var model = Open(found, AsHuggingFace(found, "siglip"), PretrainedFormat.HuggingFaceSigLip);
                var (expected, inputs) = (found.Expected, found.Inputs);
                var embedded = model.Image.Embed(inputs["pixel_values"]);
                expected.Hidden("vision.embeddings", embedded);
                var image = Picture(found, model, embedded, null, "vision.last_hidden_state", "vision.head.after_layernorm");
                Joint(found, model, image, HuggingFaceText(found, model));
                OtherInputs(found, model);
            }
        );

    [SkippableFact]
    public void Hugging_face_model_of_variable_resolution() =>
        ParityCase.ForEach(
            "siglip2",
            found =>
            {
                using var model = Open(found, AsHuggingFace(found, "siglip2"), PretrainedFormat.HuggingFaceSigLip);
                var (expected, patches, shapes) = (found.Expected, found.Inputs["pixel_values"], found.Inputs["spatial_shapes"]);
                var visible = found.Inputs["pixel_attention_mask"].ne(0);
                var embedded = model.Image.EmbedPatches(patches, shapes);
                expected.Hidden("vision.resized_position_embeddings", model.Image.PatchPositions(shapes, patches.size(1)));
                expected.Hidden("vision.embeddings", embedded);
                var mask = AttentionMask.Keys(visible);
                var image = Picture(found, model, embedded, mask, "vision.last_hidden_state", "vision.head.after_layernorm");
                (model.Image.ForwardPatches(patches, shapes, visible) - image).abs().max().ToDouble().ShouldBe(0);
                Joint(found, model, image, HuggingFaceText(found, model));
            }
        );

    [SkippableFact]
    public void Open_clip_model() =>
        ParityCase.ForEach(
            "open-clip-siglip",
            found =>
            {
                using var checkpoint = new CheckpointFolder();
                checkpoint.Text("open_clip_config.json", File.ReadAllText(found.Folder.File($"{found.Prefix}open_clip_config.json")));
                File.Copy(found.Folder.File($"{found.Prefix}weights.safetensors"), checkpoint["open_clip_model.safetensors"]);
                using var model = Open(checkpoint, PretrainedFormat.OpenClipSigLip);
                var described = found.Config.GetProperty("models").GetProperty(found.Prefix.Length == 0 ? "no_prefix" : found.Prefix);
                Described(described, (SigLipOptions)model.Options);
                OpenClip(found, model, described.GetProperty("gradient_norms"));
            },
            folder =>
                folder
                    .Config.GetProperty("models")
                    .EnumerateObject()
                    .Select(model => model.NameEquals("no_prefix") ? string.Empty : model.Name)
        );

    private static CheckpointFolder AsHuggingFace(ParityCase found, string type)
    {
        var config = new JsonObject { ["model_type"] = type };
        foreach (var tower in (string[])["text_config", "vision_config"])
        {
            config[tower] = JsonNode.Parse(found.Config.GetProperty(tower).GetRawText());
        }

        var checkpoint = new CheckpointFolder().Text("config.json", config.ToJsonString());
        File.Copy(found.Folder.File("weights.safetensors"), checkpoint["model.safetensors"]);
        return checkpoint;
    }

    private static SigLip Open(ParityCase found, CheckpointFolder checkpoint, PretrainedFormat format)
    {
        using (checkpoint)
        {
            var model = Open(checkpoint, format);
            var scale = found.Config.GetProperty("logit_scale").GetDouble();
            model.Contrastive.LogitScale.ToDouble().ShouldBe(scale, 1e-6);
            model.Contrastive.LogitBias.ToDouble().ShouldBe(found.Config.GetProperty("logit_bias").GetDouble(), 1e-6);
            return model;
        }
    }

    private static SigLip Open(CheckpointFolder checkpoint, PretrainedFormat format)
    {
        using var source = PretrainedSource.Open(checkpoint.Path);
        source.Format.ShouldBe(format);
        var options = (SigLipOptions)PretrainedLoader.Configure("siglip", new SigLipOptions(), source);
        options.Tokenizer.ShouldBe("siglip");
        var model = new SigLip(options, new ModelContext([], source.Towers.VocabularySize!.Value, 1, 1, -1));
        var report = PretrainedLoader.Initialize(model, source);
        report.Unmatched.ShouldBeEmpty();
        report.Unused.ShouldBeEmpty();
        report.New.ShouldBe(["missing_image.vector", "missing_text.vector"]);
        return model;
    }

    // The blocks and the pooling, whose recorded tensors both formats name alike except where the caller says.
    private static Tensor Picture(ParityCase found, SigLip model, Tensor embedded, Tensor? mask, string last, string normalized)
    {
        var (expected, prefix) = (found.Expected, last.Split('.')[0]);
        using var recorder = ForwardRecorder.Begin(model.Image);
        var pooling = normalized[..normalized.LastIndexOf('.')];
        var tokens = model.Image.Encode(embedded, mask);
        expected.HiddenSeries($"{prefix}.hidden_", recorder.Hidden());
        expected.AttentionSeries($"{prefix}.attention_probs_", recorder.Attention("transformer"));
        expected.Hidden(last, tokens);
        var attended = model.Image.Pooling.Attend(tokens, mask);
        if (expected.Has($"{pooling}.attention_probs_mean_over_heads"))
        {
            expected.Attention($"{pooling}.attention_probs_mean_over_heads", recorder.Attention("attn_pool")[0].mean([1]));
        }

        expected.Hidden($"{pooling}.attention_output", attended);
        expected.Hidden(normalized, model.Image.Pooling.Normalize(attended));
        return model.Image.Pooling.Forward(tokens, mask);
    }

    private static Tensor HuggingFaceText(ParityCase found, SigLip model)
    {
        var text = Text(found, model, found.Inputs["input_ids"], "text.last_hidden_state");

        // As the system itself reads a batch: what is behind a text is filled up with padding.
        var (ids, config) = (found.Inputs["input_ids"], found.Config.GetProperty("text_config"));
        var everywhere = ones([ids.size(0)], dtype: ScalarType.Bool);
        var content = ids.ne(config.GetProperty("pad_token_id").GetInt32());
        var batch = new Batch(zeros([1]), ids.where(content, zeros_like(ids).add(2)), content, everywhere, everywhere);
        var filled = model.Text.Filled(batch, config.GetProperty("pad_token_id").GetInt32());
        filled.ToInt64Array().ShouldBe(ids.ToInt64Array());
        found.Expected.Hidden("text.pooler_output", text);
        return text;
    }

    private static Tensor Text(ParityCase found, SigLip model, Tensor ids, string last)
    {
        var expected = found.Expected;
        using var recorder = ForwardRecorder.Begin(model.Text);
        var embedded = model.Text.Embed(ids);
        var tokens = model.Text.Encode(embedded);
        expected.Hidden("text.embeddings", embedded);
        expected.HiddenSeries("text.hidden_", recorder.Hidden());
        if (expected.Has("text.attention_probs_1"))
        {
            expected.AttentionSeries("text.attention_probs_", recorder.Attention());
        }

        expected.Hidden(last, tokens);
        return model.Text.Project(tokens.select(1, -1));
    }

    private static void Joint(ParityCase found, SigLip model, Tensor image, Tensor text)
    {
        var expected = found.Expected;
        expected.Hidden("vision.pooler_output", image);
        expected.Hidden("image_embeds", nn.functional.normalize(image, dim: -1));
        expected.Hidden("text_embeds", nn.functional.normalize(text, dim: -1));
        Losses(found, model, image, text);
        var gradients = ParityGradients.Published(model, HuggingFace, found.Weights);
        expected.Gradients(gradients);
        expected.GradientNorms(gradients);
    }

    private static void Losses(ParityCase found, SigLip model, Tensor image, Tensor text)
    {
        var (expected, logits) = (found.Expected, model.Contrastive.Logits(image, text));
        expected.Hidden("logits_per_image", logits);
        expected.Hidden("logits_per_text", logits.transpose(0, 1));
        expected.Hidden("pair_probs", logits.sigmoid());
        var loss = model.Contrastive.Forward(image, text);
        expected.Loss("loss", loss);
        loss.backward();
    }

    // Pictures of another size, a mask that the published pipeline never gives, texts that are not filled up.
    private static void OtherInputs(ParityCase found, SigLip model)
    {
        var (expected, inputs) = (found.Expected, found.Inputs);
        using var recording = no_grad();
        if (inputs.TryGetValue("larger_pixel_values", out var larger))
        {
            expected.Hidden("larger.vision.embeddings", model.Image.Embed(larger));
            expected.Hidden("larger.vision.pooler_output", model.Image.Forward(larger));
        }

        if (inputs.TryGetValue("attention_mask_for_extra_case", out var visible))
        {
            var tokens = model.Text.Encode(model.Text.Embed(inputs["input_ids"]), AttentionMask.Keys(visible.ne(0)));
            expected.Hidden("masked.text.pooler_output", model.Text.Project(tokens.select(1, -1)));
        }

        if (inputs.TryGetValue("short_input_ids", out var shorter))
        {
            expected.Hidden("short.text.pooler_output", model.Text.Forward(shorter));
        }
    }

    private static void OpenClip(ParityCase found, SigLip model, JsonElement norms)
    {
        var (expected, pixels, tower) = (found.Expected, found.Inputs["image"], model.Image);
        var embedded = tower.Embed(pixels);
        expected.Hidden("visual.patch_embeddings", tower.Patches(pixels));
        expected.Hidden("visual.embeddings", embedded);
        var image = Picture(found, model, embedded, null, "visual.after_norm", "visual.attn_pool.after_norm");
        var text = Text(found, model, found.Inputs["text"], "text.after_ln_final");
        expected.Hidden("visual.pooled", image);
        expected.Hidden("image_features", image);
        expected.Hidden("text_features", text);
        expected.Hidden("image_features_normalized", nn.functional.normalize(image, dim: -1));
        expected.Hidden("text_features_normalized", nn.functional.normalize(text, dim: -1));
        expected.Hidden("logit_scale_exp", model.Contrastive.LogitScale.exp());
        Losses(found, model, image, text);
        var gradients = ParityGradients.Published(model, NameMapSigLip.OpenClip, found.Weights);
        expected.Gradients(gradients);
        expected.GradientNorms(gradients, "gradient_norms", norms);
    }

    // What the fixture says in words against what was read from open_clip's own file.
    private static void Described(JsonElement described, SigLipOptions options)
    {
        Activation Gelu(string tower) => described.GetProperty(tower).GetString() == "tanh" ? Activation.GeluTanh : Activation.Gelu;
        options.ImageActivation.ShouldBe(Gelu("vision_gelu"));
        options.ImageActivation.ShouldBe(Gelu("attention_pool_gelu"));
        options.TextActivation.ShouldBe(Gelu("text_gelu"));
        options.Image.Blocks(options.ImageBlocks).MlpWidth.ShouldBe(described.GetProperty("vision_mlp_width").GetInt64());
        options.TextBlocks.MlpWidth.ShouldBe(described.GetProperty("text_mlp_width").GetInt64());
        options.Preprocessing.Resize.ShouldBe(Duet.Vision.ResizeMode.Squash);
    }
}
