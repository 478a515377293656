// Folders as published models have them, made of the fixtures' weights.
using System.Text.Json;
using System.Text.Json.Nodes;
using Duet.Runs;
using Duet.Tests.Fixtures;
using Duet.Tests.Pretrained;
using Duet.Text;
using Duet.Torch;
using Duet.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Cli.Tests;

/// <summary>Writes fixtures as Hugging Face, open_clip and their like would publish them.</summary>
internal static class PublishedFolders
{
    private const int Vocabulary = 540;

    /// <summary>A Hugging Face CLIP folder with its tokenizer; <paramref name="change"/> may damage the weights first.</summary>
    public static void HuggingFaceClip(string folder, Action<Dictionary<string, Tensor>>? change = null)
    {
        var fixture = First("openai-clip-vit");
        var config = fixture.Config;
        int Value(string name) => config.GetProperty(name).GetInt32();
        Write(
            folder,
            "config.json",
            new
            {
                model_type = "clip",
                projection_dim = Value("embed_dim"),
                text_config = new
                {
                    vocab_size = Vocabulary,
                    hidden_size = Value("transformer_width"),
                    intermediate_size = 4 * Value("transformer_width"),
                    num_hidden_layers = Value("transformer_layers"),
                    num_attention_heads = Value("transformer_heads"),
                    max_position_embeddings = Value("context_length"),
                    hidden_act = "quick_gelu",
                },
                vision_config = new
                {
                    hidden_size = Value("vision_width"),
                    intermediate_size = 4 * Value("vision_width"),
                    num_hidden_layers = Value("vision_layers"),
                    num_attention_heads = Value("vision_heads"),
                    image_size = Value("image_resolution"),
                    patch_size = Value("vision_patch_size"),
                    hidden_act = "quick_gelu",
                },
            }
        );
        Write(
            folder,
            "preprocessor_config.json",
            new
            {
                do_resize = true,
                size = new { shortest_edge = Value("image_resolution") },
                do_center_crop = true,
                crop_size = new { height = Value("image_resolution"), width = Value("image_resolution") },
                resample = 3,
                image_mean = new[] { 0.48145466, 0.4578275, 0.40821073 },
                image_std = new[] { 0.26862954, 0.26130258, 0.27577711 },
            }
        );
        Save(
            folder,
            fixture,
            state =>
            {
                var published = PublishedState.HuggingFaceClip(Ours(state));
                change?.Invoke(published);
                return published;
            }
        );
        Tokenizer().Save(folder);
    }

    /// <summary>An open_clip folder of the same fixture.</summary>
    public static void OpenClip(string folder)
    {
        var fixture = First("openai-clip-vit");
        var config = fixture.Config;
        int Value(string name) => config.GetProperty(name).GetInt32();
        Write(
            folder,
            "open_clip_config.json",
            new
            {
                model_cfg = new
                {
                    embed_dim = Value("embed_dim"),
                    quick_gelu = true,
                    vision_cfg = new
                    {
                        image_size = Value("image_resolution"),
                        layers = Value("vision_layers"),
                        width = Value("vision_width"),
                        head_width = Value("vision_width") / Value("vision_heads"),
                        patch_size = Value("vision_patch_size"),
                    },
                    text_cfg = new
                    {
                        context_length = Value("context_length"),
                        vocab_size = Vocabulary,
                        width = Value("transformer_width"),
                        heads = Value("transformer_heads"),
                        layers = Value("transformer_layers"),
                    },
                },
                preprocess_cfg = new
                {
                    mean = new[] { 0.5, 0.5, 0.5 },
                    std = new[] { 0.5, 0.5, 0.5 },
                    interpolation = "bilinear",
                    resize_mode = "squash",
                },
            }
        );
        Save(folder, fixture, state => state, "open_clip_model.safetensors");
        Tokenizer().Save(folder);
    }

    /// <summary>A Hugging Face BERT folder with a vocabulary of as many words as the fixture has ids.</summary>
    public static void Bert(string folder)
    {
        var fixture = First("bert");
        var config = fixture.Config.GetProperty("bert");
        var settings = Settings(config);
        settings["model_type"] = "bert";
        Write(folder, "config.json", settings);
        File.Copy(fixture.File("weights.safetensors"), Path.Combine(folder, "model.safetensors"));
        string[] words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "red", "blue", "shoe", "shirt", "dress"];
        File.WriteAllLines(
            Path.Combine(folder, "vocab.txt"),
            words.Concat(Enumerable.Range(0, config.GetProperty("vocab_size").GetInt32() - words.Length).Select(number => $"w{number}"))
        );
    }

    /// <summary>A Hugging Face SigLIP folder with the SentencePiece model of another fixture.</summary>
    public static void HuggingFaceSigLip(string folder)
    {
        var fixture = FixtureFolders.OfKind("siglip", config => config.TryGetProperty("text_config", out _))[0];
        var (text, pieces) = (Settings(fixture.Config.GetProperty("text_config")), SigLipVocabulary(folder));
        text["vocab_size"] = pieces;
        Write(
            folder,
            "config.json",
            new
            {
                model_type = "siglip",
                text_config = text,
                vision_config = fixture.Config.GetProperty("vision_config"),
            }
        );
        Write(
            folder,
            "preprocessor_config.json",
            new
            {
                do_resize = true,
                size = new
                {
                    height = fixture.Config.GetProperty("vision_config").GetProperty("image_size").GetInt32(),
                    width = fixture.Config.GetProperty("vision_config").GetProperty("image_size").GetInt32(),
                },
                resample = 3,
                image_mean = new[] { 0.5, 0.5, 0.5 },
                image_std = new[] { 0.5, 0.5, 0.5 },
            }
        );
        Save(folder, fixture, "text_model.embeddings.token_embedding.weight", pieces, state => state);
    }

    /// <summary>An open_clip SigLIP folder, as models for shops are published.</summary>
    public static void OpenClipSigLip(string folder)
    {
        var fixture = First("open-clip-siglip");
        var pieces = SigLipVocabulary(folder);
        var config = JsonNode.Parse(File.ReadAllText(fixture.File("open_clip_config.json")))!;
        config["model_cfg"]!["text_cfg"]!["vocab_size"] = pieces;
        File.WriteAllText(Path.Combine(folder, "open_clip_config.json"), config.ToJsonString());
        Save(folder, fixture, "text.token_embedding.weight", pieces, state => state, "open_clip_model.safetensors");
    }

    private static int SigLipVocabulary(string folder)
    {
        var fixture = First("siglip-tokenizer");
        Directory.CreateDirectory(folder);
        File.Copy(fixture.File("spiece.model"), Path.Combine(folder, "spiece.model"));
        return fixture.Config.GetProperty("pieces").GetProperty("spiece.model").GetInt32();
    }

    private static Dictionary<string, object> Settings(JsonElement config) =>
        config.EnumerateObject().ToDictionary(setting => setting.Name, setting => (object)setting.Value, StringComparer.Ordinal);

    private static FixtureFolder First(string kind) =>
        FixtureFolders.OfKind(kind, config => kind != "bert" || config.TryGetProperty("bert", out _))[0];

    private static void Write(string folder, string name, object content)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name), JsonSerializer.Serialize(content));
    }

    // The fixtures' vocabularies are smaller than the bytes, so the word table gets further rows.
    private static void Save(
        string folder,
        FixtureFolder fixture,
        Func<Dictionary<string, Tensor>, Dictionary<string, Tensor>> rename,
        string name = "model.safetensors"
    ) => Save(folder, fixture, "token_embedding.weight", Vocabulary, rename, name);

    private static void Save(
        string folder,
        FixtureFolder fixture,
        string table,
        int vocabulary,
        Func<Dictionary<string, Tensor>, Dictionary<string, Tensor>> rename,
        string name = "model.safetensors"
    )
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var file = SafetensorsFile.Open(fixture.File("weights.safetensors"));
        var state = file.ReadTensors();
        var words = state[table];
        TorchRuntime.Seed(1);
        state[table] = cat([words, Tensors.Normal([vocabulary - words.size(0), words.size(1)], 0, 0.02)], 0);
        StateFile.Save(Path.Combine(folder, name), rename(state));
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Ours(Dictionary<string, Tensor> openAi) =>
        openAi.Select(tensor =>
            KeyValuePair.Create(
                tensor.Key switch
                {
                    "logit_scale" => "contrastive.logit_scale",
                    var name when name.StartsWith("visual.", StringComparison.Ordinal) => name,
                    var name => "text." + name,
                },
                tensor.Value
            )
        );

    private static ClipBpe Tokenizer()
    {
        var words = Enumerable.Range(0, 400).Select(number => $"bright{number % 7} shirts dresses leather cotton shoes striped plain");
        return BpeTrainer.Train(words, new BpeTrainerOptions { VocabularySize = Vocabulary });
    }
}
