// Gemma's vocabulary in Hugging Face's tokenizer.json.
using System.Text.Json;

namespace Duet.Text;

/// <summary>Reads and writes <see cref="SigLip2Tokenizer"/> as <c>tokenizer.json</c>.</summary>
internal static class GemmaBpeJson
{
    /// <summary>Whether a file of model type BPE spells unknown characters in bytes, which CLIP's and RoBERTa's kinds do not.</summary>
    public static bool IsIn(JsonElement model) =>
        model.TryGetProperty("byte_fallback", out var fallback) && fallback.ValueKind == JsonValueKind.True;

    /// <summary>Builds the tokenizer from a parsed file.</summary>
    /// <exception cref="TokenizerFormatException">The file puts something before a text, as Llama's does, or its vocabulary is not
    /// Gemma's kind.</exception>
    public static SigLip2Tokenizer Read(JsonElement root)
    {
        var normalizers = UnigramJson.Steps(root, "normalizer", "normalizers").ToList();
        if (
            normalizers.Exists(step => TokenizerJson.OptionalText(step, "type") is "Prepend")
            || !normalizers.Exists(step => UnigramJson.Replaced(step, "String") is " ")
        )
        {
            throw new TokenizerFormatException(
                "BPE with bytes for unknown characters is read as Gemma's (SigLIP 2): its normalizer replaces blanks by a mark and puts "
                    + "nothing before a text."
            );
        }

        var model = TokenizerJson.Property(root, "model", JsonValueKind.Object);
        var added = TokenizerJson.AddedTokens(root);
        string[] tokens = TokenizerJson.Vocabulary(TokenizerJson.Property(model, "vocab", JsonValueKind.Object), added);
        var merges = TokenizerJson.Property(model, "merges", JsonValueKind.Array).EnumerateArray().Select(BpeJson.ReadMerge).ToList();
        return new(
            new GemmaBpe(tokens, merges, added),
            normalizers.Exists(step => UnigramJson.Replaced(step, "String") is "_") ? SigLipCleaning.OpenClip : SigLipCleaning.HuggingFace
        );
    }

    /// <summary>Writes the file into a folder.</summary>
    public static void Write(GemmaBpe vocabulary, SigLipCleaning cleaning, string folder)
    {
        TokenizerJson.Write(
            folder,
            vocabulary.Added,
            writer =>
            {
                writer.WriteStartObject("normalizer");
                writer.WriteString("type", "Sequence");
                writer.WriteStartArray("normalizers");
                if (cleaning == SigLipCleaning.OpenClip)
                {
                    UnigramJson.WriteCleaning(writer, cleaning);
                }
                else
                {
                    writer.WriteRawValue("""{"type":"Lowercase"}""");
                }

                UnigramJson.WriteReplacement(writer, "String", " ", SentencePieceNormalizer.Mark.ToString());
                writer.WriteEndArray();
                writer.WriteEndObject();
                writer.WriteNull("pre_tokenizer");
                writer.WritePropertyName("post_processor");
                writer.WriteRawValue(
                    $$$"""
                    {"type":"TemplateProcessing","single":[{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"<eos>","type_id":0}}],
                      "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":0}}],
                      "special_tokens":{"<eos>":{"id":"<eos>","ids":[{{{vocabulary.EndId}}}],"tokens":["<eos>"]} } }
                    """
                );
                writer.WritePropertyName("decoder");
                writer.WriteRawValue(
                    """
                    {"type":"Sequence","decoders":[
                      {"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"}]}
                    """
                );
                writer.WriteStartObject("model");
                writer.WriteString("type", "BPE");
                writer.WriteString("unk_token", "<unk>");
                writer.WriteBoolean("fuse_unk", true);
                writer.WriteBoolean("byte_fallback", true);
                TokenizerJson.WriteVocabulary(writer, vocabulary.Tokens);
                writer.WriteStartArray("merges");
                foreach (var (left, right) in vocabulary.Merges)
                {
                    writer.WriteStartArray();
                    writer.WriteStringValue(left);
                    writer.WriteStringValue(right);
                    writer.WriteEndArray();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        );
    }
}
