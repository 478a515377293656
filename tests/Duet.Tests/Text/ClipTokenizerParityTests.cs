// CLIP's tokenizer against the published implementation, on every fixture folder of its kind.
using Duet.Tests.Fixtures;
using Duet.Text;
using Duet.Text.Cleaning;

namespace Duet.Tests.Text;

public sealed class ClipTokenizerParityTests
{
    [SkippableFact]
    public void Published_ids_are_reproduced_exactly()
    {
        foreach (var folder in FixtureFolders.OfKind("clip-tokenizer"))
        {
            var config = folder.Config;
            string file = Directory.EnumerateFiles(folder.FullPath, "*.gz").Single();
            var tokenizer = BpeFiles.ReadPublished(file, config.GetProperty("merges_used").GetInt32());
            tokenizer.VocabularySize.ShouldBe(config.GetProperty("vocab_size").GetInt32());
            tokenizer.StartId.ShouldBe(config.GetProperty("start_token").GetInt32());
            tokenizer.EndId.ShouldBe(config.GetProperty("end_token").GetInt32());
            tokenizer.PaddingId.ShouldBe(config.GetProperty("padding_id").GetInt32());
            int contextLength = config.GetProperty("context_length").GetInt32();

            var failures = new List<string>();
            int count = 0;
            foreach (var item in folder.Json("cases.json").EnumerateArray())
            {
                count++;
                string text = item.GetProperty("text").GetString()!;
                string cleaned = item.GetProperty("cleaned").GetString()!;
                int[] ids = Ints(item.GetProperty("ids"));
                int[] input = Ints(item.GetProperty("model_input"));
                var row = tokenizer.Encode(text, contextLength);
                bool right =
                    ClipCleaner.Clean(text) == cleaned
                    && ClipBpe.Words(text).SequenceEqual(item.GetProperty("words").EnumerateArray().Select(word => word.GetString()!))
                    && tokenizer.Tokenize(text).SequenceEqual(ids)
                    && row.Ids.AsSpan(0, row.Length).SequenceEqual(input)
                    && row.Truncated != item.GetProperty("fits_77").GetBoolean()
                    && (item.GetProperty("decoded").GetString() is not { } decoded || tokenizer.Decode(ids, keepSpecial: true) == decoded);
                if (!right)
                {
                    failures.Add(
                        $"{item.GetProperty("category")}: {item.GetProperty("text").GetRawText()} gave '{ClipCleaner.Clean(text)}', "
                            + $"expected '{cleaned}'"
                    );
                }
            }

            count.ShouldBe(config.GetProperty("cases").GetInt32());
            failures.ShouldBeEmpty($"{folder.Name}: {failures.Count} of {count} differ\n{string.Join('\n', failures)}");
        }
    }

    private static int[] Ints(System.Text.Json.JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt32())];
}
