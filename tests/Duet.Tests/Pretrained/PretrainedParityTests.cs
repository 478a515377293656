// Published weights through the checkpoint loader give the published outputs: OpenAI's CLIP, Hugging Face's BERT and ViT.
using System.Text.Json;
using System.Text.Json.Nodes;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Pretrained;
using Duet.Tests.Data;
using Duet.Tests.Fixtures;
using Duet.Tests.Parity;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Pretrained;

[Collection(RandomNumbersCollection.Name)]
public sealed class PretrainedParityTests
{
    [SkippableTheory]
    [InlineData("openai-clip-vit")]
    [InlineData("openai-clip-rn")]
    public void OpenAi_clip(string kind) =>
        ForEach(
            kind,
            folder =>
            {
                using var source = PretrainedSource.Open(folder.File("weights.safetensors"));
                var options = PretrainedLoader.Configure("clip", new ClipOptions { HeadWidth = 0 }, source);
                using var model = new Clip((ClipOptions)options, Context(source));
                PretrainedLoader.Initialize(model, source).Unmatched.ShouldBeEmpty();

                var inputs = ParityCase.Load(folder, "inputs.safetensors");
                var expected = ParityCase.Load(folder, "outputs.safetensors");
                var image = model.Image.Forward(inputs["image"]);
                var text = model.Text.Forward(inputs["text"], ClipTextEncoder.EndPositions(inputs["text"]));
                Compare(folder, "image_features", image, expected);
                Compare(folder, "text_features", text, expected);
                Compare(folder, "logits_per_image", model.Contrastive.Logits(image, text), expected);
            }
        );

    [SkippableFact]
    public void Hugging_face_bert() =>
        ForEach(
            "bert",
            folder =>
            {
                using var checkpoint = AsPublished(folder, "bert");
                using var source = PretrainedSource.Open(checkpoint.Path);
                using var model = new Bert(
                    (BertTextOptions)PretrainedLoader.Configure("bert", new BertTextOptions(), source),
                    Context(source)
                );
                PretrainedLoader.Initialize(model, source).Unmatched.ShouldBeEmpty();

                // The system itself never shows segments; its encoder does.
                using var encoder = new BertEncoder(source.Towers.Bert!);
                encoder
                    .LoadState(
                        model
                            .NamedState()
                            .Where(tensor => tensor.Key.StartsWith("bert.", StringComparison.Ordinal))
                            .ToDictionary(tensor => tensor.Key[5..], tensor => tensor.Value)
                    )
                    .Missing.ShouldBeEmpty();
                var inputs = ParityCase.Load(folder, "inputs.safetensors");
                var expected = ParityCase.Load(folder, "outputs.safetensors");
                Compare(
                    folder,
                    "pooler_output",
                    encoder.Forward(inputs["input_ids"], inputs["attention_mask"], inputs["token_type_ids"]).Pooled,
                    expected
                );
                Compare(folder, "no_mask_no_type.last_hidden_state", encoder.Forward(inputs["input_ids"]).Hidden, expected);
            }
        );

    [SkippableFact]
    public void Hugging_face_vit() =>
        ForEach(
            "vit",
            folder =>
            {
                using var checkpoint = AsPublished(folder, "vit");
                using var source = PretrainedSource.Open(checkpoint.Path);
                using var model = new Vit((VitOptions)PretrainedLoader.Configure("vit", new VitOptions(), source), Context(source));
                var report = PretrainedLoader.Initialize(model, source, allowUnmatched: true);

                // The fixture keeps ViTModel's pooler under a name of its own.
                report.Unmatched.ShouldAllBe(name => name.StartsWith("extra_pooler.", StringComparison.Ordinal));
                var inputs = ParityCase.Load(folder, "inputs.safetensors");
                Compare(
                    folder,
                    "last_hidden_state",
                    model.Encoder.Tokens(inputs["pixel_values"]),
                    ParityCase.Load(folder, "outputs.safetensors")
                );
            }
        );

    [SkippableFact]
    public void Torchvision_vit() =>
        ForEach(
            "vit",
            folder =>
            {
                var config = folder.Config.GetProperty("torchvision");
                using var checkpoint = new TemporaryFolder();
                checkpoint.Write("config.json", JsonSerializer.Serialize(new { num_heads = config.GetProperty("num_heads").GetInt32() }));
                File.CreateSymbolicLink(checkpoint["vit.safetensors"], folder.File("torchvision.weights.safetensors"));
                using var source = PretrainedSource.Open(checkpoint.Path);
                source.Format.ShouldBe(PretrainedFormat.TorchvisionVit);
                using var model = new Vit((VitOptions)PretrainedLoader.Configure("vit", new VitOptions(), source), Context(source));
                PretrainedLoader
                    .Initialize(model, source)
                    .Ignored.Select(ignored => ignored.Key)
                    .ShouldBe(["heads.head.bias", "heads.head.weight"], ignoreOrder: true);

                var tokens = model.Encoder.Tokens(ParityCase.Load(folder, "torchvision.inputs.safetensors")["pixel_values"]);
                Compare(folder, "after_final_norm", tokens, ParityCase.Load(folder, "torchvision.outputs.safetensors"));
            }
        );

    [SkippableFact]
    public void Open_clip_coca() =>
        ForEach(
            "coca",
            folder =>
            {
                using var checkpoint = new TemporaryFolder();
                var config = folder.Config;
                checkpoint.Write(
                    "open_clip_config.json",
                    JsonSerializer.Serialize(
                        new
                        {
                            model_cfg = new
                            {
                                embed_dim = config.GetProperty("embed_dim"),
                                quick_gelu = config.GetProperty("quick_gelu"),
                                vision_cfg = config.GetProperty("vision_cfg"),
                                text_cfg = config.GetProperty("text_cfg"),
                                multimodal_cfg = config.GetProperty("multimodal_cfg"),
                            },
                            preprocess_cfg = new { mean = new[] { 0.48145466, 0.4578275, 0.40821073 } },
                        }
                    )
                );
                File.CreateSymbolicLink(checkpoint["open_clip_model.safetensors"], folder.File("weights.safetensors"));
                using var source = PretrainedSource.Open(checkpoint.Path);
                source.Format.ShouldBe(PretrainedFormat.OpenClipCoCa);
                var padding = config.GetProperty("pad_id").GetInt32();
                using var model = new CoCa(
                    (CoCaOptions)PretrainedLoader.Configure("coca", new CoCaOptions(), source),
                    new([], source.Towers.VocabularySize!.Value, padding, 1, -1)
                );
                PretrainedLoader.Initialize(model, source).Unmatched.ShouldBeEmpty();

                var inputs = ParityCase.Load(folder, "inputs.safetensors");
                var expected = ParityCase.Load(folder, "outputs.safetensors");
                var (image, imageTokens) = model.Image.Encode(inputs["image"]);
                var (text, textTokens) = model.Text.Encode(inputs["text"], inputs["text"].ne(padding));
                Compare(folder, "image_features", nn.functional.normalize(image, dim: -1), expected);
                Compare(folder, "text_features", nn.functional.normalize(text, dim: -1), expected);
                Compare(folder, "logits", model.Decoder.Predict(model.Decoder.Decode(textTokens, imageTokens)), expected);
            }
        );

    private static void ForEach(string kind, Action<FixtureFolder> prove)
    {
        var folders = FixtureFolders.OfKind(kind).Where(folder => FixtureKinds.Of(folder.Name) == kind).ToList();
        FixtureFolders.RequireKind(folders.Count == 0, kind);
        foreach (var folder in folders)
        {
            using var scope = NewDisposeScope();
            prove(folder);
        }
    }

    private static ModelContext Context(PretrainedSource source) => new([], source.Towers.VocabularySize ?? 0, 0, 1, -1);

    /// <summary>The folder as a hub would have it: config.json with a model type, model.safetensors.</summary>
    private static TemporaryFolder AsPublished(FixtureFolder folder, string type)
    {
        var published = new TemporaryFolder();
        var config = JsonObject.Create(folder.Config.Block(type, "hugging_face"))!;
        config["model_type"] = type;
        published.Write("config.json", config.ToJsonString(new JsonSerializerOptions()));
        File.CreateSymbolicLink(published["model.safetensors"], folder.File("weights.safetensors"));
        return published;
    }

    private static void Compare(FixtureFolder folder, string name, Tensor found, Dictionary<string, Tensor> expected)
    {
        found.shape.ShouldBe(expected[name].shape);
        var allowed = 1e-5 + (1e-5 * expected[name].abs().max().ToDouble());
        (found - expected[name]).abs().max().ToDouble().ShouldBeLessThanOrEqualTo(allowed, $"{folder.Name}: {name}");
    }
}
