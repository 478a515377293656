// Unigram against the published implementations, on every fixture folder of its kind.
using System.Text.Json;
using Duet.Tests.Fixtures;
using Duet.Text;

namespace Duet.Tests.Text;

public sealed class SentencePieceParityTests
{
    [SkippableFact]
    public void Published_ids_are_reproduced_exactly()
    {
        foreach (var folder in FixtureFolders.OfKind("sentencepiece-xlmr"))
        {
            var tokenizer = Unigram.Read(Directory.EnumerateFiles(folder.FullPath, "*.model").Single());
            int pieces = folder.Config.GetProperty("pieces").GetInt32();
            tokenizer.VocabularySize.ShouldBe(pieces + 2);
            tokenizer.MaskId.ShouldBe(pieces + 1);
            Check(tokenizer, folder);
        }
    }

    [SkippableFact]
    public void A_saved_model_gives_the_same_ids()
    {
        foreach (var folder in FixtureFolders.OfKind("sentencepiece-xlmr"))
        {
            string saved = Directory.CreateTempSubdirectory("duet-unigram-").FullName;
            try
            {
                Tokenizers.Load(Directory.EnumerateFiles(folder.FullPath, "*.model").Single()).Save(saved);
                Check(Tokenizers.Load(saved).ShouldBeOfType<Unigram>(), folder);
            }
            finally
            {
                Directory.Delete(saved, recursive: true);
            }
        }
    }

    private static void Check(Unigram tokenizer, FixtureFolder folder)
    {
        var cases = folder.Json("cases.json");
        foreach (var item in cases.GetProperty("single").EnumerateArray())
        {
            CheckSingle(tokenizer, folder.Config, item, $"{folder.Name} {item.GetProperty("text").GetRawText()}");
        }

        foreach (var item in cases.GetProperty("pairs_padded_truncated_longest_first").EnumerateArray())
        {
            var row = tokenizer.EncodePair(
                item.GetProperty("a").GetString()!,
                item.GetProperty("b").GetString()!,
                item.GetProperty("max_length").GetInt32()
            );
            row.Ids.ShouldBe(Ints(item.GetProperty("input_ids")), item.GetRawText());
            row.Length.ShouldBe(Ints(item.GetProperty("attention_mask")).Sum(), item.GetRawText());
        }
    }

    private static void CheckSingle(Unigram tokenizer, JsonElement config, JsonElement item, string label)
    {
        string text = item.GetProperty("text").GetString()!;
        var segments = tokenizer.Segment(text);
        segments
            .Select(piece => piece.Text)
            .ShouldBe(item.GetProperty("pieces").EnumerateArray().Select(piece => piece.GetString()!), label);
        int[] expected = Ints(item.GetProperty("xlmr_ids_with_special"));
        var row = tokenizer.Encode(text, expected.Length + 2);
        row.Ids.AsSpan(0, row.Length).ToArray().ShouldBe(expected, label);
        double score = segments.Sum(piece => (double)tokenizer.Score(piece.Id));
        score.ShouldBe(item.GetProperty("sum_of_piece_scores").GetDouble(), 1e-3, label);
        if (item.GetProperty("decoded").GetString() is { } decoded)
        {
            tokenizer.Decode(row.Ids).ShouldBe(decoded, label);
        }

        if (item.GetProperty("normalized").GetString() is { } normalized)
        {
            // Recorded without the blank that is put before a text.
            string plain = tokenizer.Normalize(text).Replace('\u2581', ' ');
            bool prefixed = !config.TryGetProperty("add_dummy_prefix", out var flag) || flag.GetBoolean();
            (prefixed && plain.StartsWith(' ') ? plain[1..] : plain).ShouldBe(normalized, label);
        }
    }

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt32())];
}
