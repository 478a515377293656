// SigLIP's tokenizer against Hugging Face's and open_clip's, on every fixture folder of its kind.
using System.Text.Json;
using Duet.Tests.Fixtures;
using Duet.Text;

namespace Duet.Tests.Text;

public sealed class SigLipTokenizerParityTests
{
    private const string Kind = "siglip-tokenizer";

    [SkippableFact]
    public void Published_ids_are_reproduced_exactly() => ForEach((tokenizer, _) => tokenizer);

    [SkippableFact]
    public void A_saved_tokenizer_gives_the_same_ids() =>
        ForEach(
            (tokenizer, folder) =>
            {
                tokenizer.Save(folder);
                var loaded = Tokenizers.Load(folder).ShouldBeOfType<SigLipTokenizer>();
                loaded.Cleaning.ShouldBe(tokenizer.Cleaning);
                return loaded;
            }
        );

    private static void ForEach(Func<SigLipTokenizer, string, SigLipTokenizer> prepare)
    {
        foreach (var folder in FixtureFolders.OfKind(Kind))
        {
            var cases = folder.Json("cases.json");
            foreach (var (list, file) in new[] { ("single", "spiece.model"), ("byte_fallback", "spiece_bytes.model") })
            {
                var vocabulary = Unigram.Read(folder.File(file));
                vocabulary.VocabularySize.ShouldBe(folder.Config.GetProperty("pieces").GetProperty(file).GetInt32());
                var saved = Directory.CreateTempSubdirectory("duet-siglip-").FullName;
                try
                {
                    var huggingFace = prepare(new SigLipTokenizer(vocabulary, SigLipCleaning.HuggingFace), saved);
                    var openClip = prepare(new SigLipTokenizer(vocabulary, SigLipCleaning.OpenClip), saved);
                    var items = cases.GetProperty(list).EnumerateArray().ToList();
                    items.Count.ShouldBe(folder.Config.GetProperty("cases").GetProperty(list).GetInt32());
                    items.ForEach(item =>
                        Check(huggingFace, openClip, item, $"{folder.Name} {file} {item.GetProperty("text").GetRawText()}")
                    );
                }
                finally
                {
                    Directory.Delete(saved, recursive: true);
                }
            }
        }
    }

    private static void Check(SigLipTokenizer huggingFace, SigLipTokenizer openClip, JsonElement item, string label)
    {
        var text = item.GetProperty("text").GetString()!;
        huggingFace
            .Clean(text)
            .Where(part => part.Length > 0)
            .ShouldBe(Texts(item.GetProperty("segments_given_to_sentencepiece")).Where(part => part.Length > 0), label);
        huggingFace.Segment(text).Select(piece => piece.Text).ShouldBe(Texts(item.GetProperty("tokens")), label);
        var ids = Ints(item.GetProperty("input_ids"));
        int[] ours = [.. huggingFace.Tokenize(text), huggingFace.EndId];
        ours.ShouldBe(ids, label);
        var padded = Ints(item.GetProperty("padded_ids"));
        huggingFace.Encode(text, padded.Length).Ids.ShouldBe(padded, label);

        openClip.Clean(text).ShouldBe([item.GetProperty("open_clip_cleaned").GetString()!], label);
        var published = Ints(item.GetProperty("open_clip_ids"));
        openClip.Encode(text, published.Length).Ids.ShouldBe(published, label);
    }

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt32())];

    private static string[] Texts(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetString()!)];
}
