// CLIP against openai/CLIP: both kinds of picture tower, the text tower, the contrastive loss and its gradients.
using System.Text.Json;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Pretrained;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Parity;

public sealed class ClipParityTests
{
    [SkippableFact]
    public void Vision_transformer_towers() => ParityCase.ForEach("openai-clip-vit", Reproduce);

    [SkippableFact]
    public void Modified_resnet_towers() => ParityCase.ForEach("openai-clip-rn", Reproduce);

    private static void Reproduce(ParityCase found)
    {
        using var model = Build(found.Config);
        NameMapClip.OpenAi.Load(model, found.Weights, found.Folder.Name);
        var (image, text) = (Visual(found, model), Text(found, model));
        Joint(found, model, image, text);
        TrainingMode(found, model);
    }

    private static Clip Build(JsonElement config)
    {
        var layers = config.GetProperty("vision_layers");
        var resNet = config.GetProperty("visual_kind").GetString() == "modified_resnet";
        var options = new ClipOptions
        {
            ImageSize = config.GetProperty("image_resolution").GetInt32(),
            ContextLength = config.GetProperty("context_length").GetInt32(),
            JointWidth = config.GetProperty("embed_dim").GetInt32(),
            Activation = config.GetProperty("activation").GetString()!.StartsWith("QuickGELU", StringComparison.Ordinal)
                ? Activation.QuickGelu
                : Activation.Gelu,
            NormEpsilon = config.GetProperty("layer_norm_eps").GetDouble(),
            Text = new TextTransformerOptions
            {
                Width = config.GetProperty("transformer_width").GetInt32(),
                Heads = config.GetProperty("transformer_heads").GetInt32(),
                Layers = config.GetProperty("transformer_layers").GetInt32(),
            },
        };
        var (width, heads) = (config.GetProperty("vision_width").GetInt32(), config.GetProperty("vision_heads").GetInt32());
        options = resNet
            ? options with
            {
                Tower = ImageTower.ModifiedResNet,
                ResNet = new()
                {
                    Layers = [.. layers.EnumerateArray().Select(layer => layer.GetInt32())],
                    Width = width,
                    Heads = heads,
                },
            }
            : options with
            {
                Image = new VisionTransformerOptions
                {
                    PatchSize = config.GetProperty("vision_patch_size").GetInt32(),
                    Width = width,
                    Heads = heads,
                    Layers = layers.GetInt32(),
                },
            };
        return new Clip(
            options,
            new ModelContext([], config.GetProperty("vocab_size").GetInt32(), 0, config.GetProperty("vocab_size").GetInt32() - 1, -1)
        );
    }

    private static Tensor Visual(ParityCase found, Clip model) =>
        model.Image switch
        {
            VisionTransformer tower => VisionTransformer(found, tower),
            ModifiedResNet tower => ModifiedResNet(found, tower),
            _ => throw new InvalidOperationException("a tower that no fixture knows"),
        };

    private static Tensor VisionTransformer(ParityCase found, VisionTransformer tower)
    {
        var expected = found.Expected;
        using var recorder = ForwardRecorder.Begin(tower);
        var patches = tower.Patches(found.Inputs["image"]);
        var embedded = tower.Embed(patches);
        var normalized = tower.NormalizeBefore(embedded);
        var pooled = tower.NormalizeAfter(tower.Encode(normalized).select(1, 0));
        expected.Hidden("visual.patch_embeddings", patches);
        expected.Hidden("visual.tokens_with_class_and_position", embedded);
        expected.Hidden("visual.after_ln_pre", normalized);
        expected.HiddenSeries("visual.hidden_", recorder.Hidden());
        expected.AttentionSeries("visual.attention_probs_", recorder.Attention());
        expected.Hidden("visual.after_ln_post", pooled);
        return tower.Project(pooled);
    }

    private static Tensor ModifiedResNet(ParityCase found, ModifiedResNet tower)
    {
        var hidden = tower.Stem(found.Inputs["image"]);
        found.Expected.Hidden("visual.stem", hidden);
        for (var stage = 0; stage < tower.Stages.Count; stage++)
        {
            for (var block = 0; block < tower.Stages[stage].Count; block++)
            {
                hidden = tower.Stages[stage][block].Forward(hidden);
                if (found.Expected.Has($"visual.layer{stage + 1}_block{block}"))
                {
                    found.Expected.Hidden($"visual.layer{stage + 1}_block{block}", hidden);
                }
            }

            found.Expected.Hidden($"visual.layer{stage + 1}", hidden);
        }

        return tower.Pool(hidden);
    }

    private static Tensor Text(ParityCase found, Clip model)
    {
        var (expected, ids) = (found.Expected, found.Inputs["text"]);
        using var recorder = ForwardRecorder.Begin(model.Text);
        var embedded = model.Text.Embed(ids);
        var normalized = model.Text.Normalize(model.Text.Encode(embedded));
        var ends = ClipTextEncoder.EndPositions(ids);
        expected.Hidden("text.tokens_with_position", embedded);
        expected.HiddenSeries("text.hidden_", recorder.Hidden());
        expected.AttentionSeries("text.attention_probs_", recorder.Attention());
        expected.Hidden("text.after_ln_final", normalized);
        expected.Integers("text.pool_position", ends);
        return model.Text.Project(ClipTextEncoder.Pool(normalized, ends));
    }

    private static void Joint(ParityCase found, Clip model, Tensor image, Tensor text)
    {
        var expected = found.Expected;
        var logits = model.Contrastive.Logits(image, text);
        var pairs = arange(0, logits.size(0));
        expected.Hidden("image_features", image);
        expected.Hidden("text_features", text);
        expected.Hidden("image_features_normalized", nn.functional.normalize(image, dim: -1));
        expected.Hidden("text_features_normalized", nn.functional.normalize(text, dim: -1));
        expected.Hidden("logit_scale_exp", model.Contrastive.LogitScale.exp());
        expected.Hidden("logits_per_image", logits);
        expected.Hidden("logits_per_text", logits.transpose(0, 1));
        expected.Hidden("zero_shot_probs", logits.softmax(-1));
        expected.Loss("loss_image_to_text", Functional.CrossEntropy(logits, pairs));
        expected.Loss("loss_text_to_image", Functional.CrossEntropy(logits.transpose(0, 1), pairs));
        var loss = model.Contrastive.Forward(image, text);
        expected.Loss("contrastive_loss", loss);
        loss.backward();
        var gradients = ParityGradients.Published(model, NameMapClip.OpenAi, found.Weights);
        expected.Gradients(gradients);
        expected.GradientNorms(gradients);
    }

    private static void TrainingMode(ParityCase found, Clip model)
    {
        const string Prefix = "train_mode.after.";
        var after = found.Expected.Recorded.Keys.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToList();
        if (!found.Expected.Has("train_mode.logits_per_image"))
        {
            after.ShouldBeEmpty();
            return;
        }

        model.train();
        var text = model.Text.Forward(found.Inputs["text"], ClipTextEncoder.EndPositions(found.Inputs["text"]));

        // Batch statistics are summed in another order where channels lie together; other results are held to half of this.
        found.Expected.Within(
            "train_mode.logits_per_image",
            model.Contrastive.Logits(model.Image.Forward(found.Inputs["image"]), text),
            4e-5
        );
        var buffers = NameMapClip.OpenAi.ToPublished(model.NamedBuffers().ToDictionary(), NameMap.ShapesOf(found.Weights));
        after.ForEach(name => found.Expected.Hidden(name, buffers[name[Prefix.Length..]]));
    }
}
