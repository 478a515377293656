// WordPiece against the published implementation, on every fixture folder of its kind.
using System.Text.Json;
using Duet.Tests.Fixtures;
using Duet.Text;

namespace Duet.Tests.Text;

public sealed class BertWordPieceParityTests
{
    [SkippableFact]
    public void Published_ids_are_reproduced_exactly()
    {
        foreach (var folder in FixtureFolders.OfKind("bert-wordpiece"))
        {
            var cases = folder.Json("cases.json");
            foreach (var mode in folder.Config.GetProperty("modes").EnumerateObject())
            {
                var tokenizer = Create(folder, mode.Name);
                foreach (var item in cases.GetProperty(mode.Name).GetProperty("single").EnumerateArray())
                {
                    CheckSingle(tokenizer, item, $"{folder.Name} {mode.Name} {item.GetProperty("text").GetRawText()}");
                }

                foreach (var item in cases.GetProperty(mode.Name).GetProperty("pairs_padded_truncated_longest_first").EnumerateArray())
                {
                    CheckPair(tokenizer, item, $"{folder.Name} {mode.Name} {item.GetRawText()}");
                }
            }
        }
    }

    private static WordPiece Create(FixtureFolder folder, string mode)
    {
        var options = new WordPieceOptions
        {
            LowerCase = mode != "cased",
            StripAccents = mode == "uncased_keep_accents" ? false : null,
            LongestWord = folder.Config.GetProperty("max_characters_per_word").GetInt32(),
            ContinuationPrefix = folder.Config.GetProperty("continuation_prefix").GetString()!,
        };
        var tokenizer = WordPiece.Read(folder.File("vocab.txt"), options);
        var special = folder.Config.GetProperty("special");
        tokenizer.VocabularySize.ShouldBe(folder.Config.GetProperty("vocab_size").GetInt32());
        tokenizer.PaddingId.ShouldBe(special.GetProperty("pad").GetInt32());
        tokenizer.UnknownId.ShouldBe(special.GetProperty("unk").GetInt32());
        tokenizer.StartId.ShouldBe(special.GetProperty("cls").GetInt32());
        tokenizer.EndId.ShouldBe(special.GetProperty("sep").GetInt32());
        tokenizer.MaskId.ShouldBe(special.GetProperty("mask").GetInt32());
        return tokenizer;
    }

    private static void CheckSingle(WordPiece tokenizer, JsonElement item, string label)
    {
        int[] ids = tokenizer.Tokenize(item.GetProperty("text").GetString()!);
        ids.ShouldBe(Ints(item.GetProperty("ids")), label);
        var withSpecial = Ints(item.GetProperty("ids_with_special"));
        var row = tokenizer.Encode(item.GetProperty("text").GetString()!, withSpecial.Length + 3);
        row.Ids.AsSpan(0, row.Length).ToArray().ShouldBe(withSpecial, label);
        ids.Select(id => tokenizer.Tokens[id])
            .ShouldBe(
                item.GetProperty("tokens")
                    .EnumerateArray()
                    .Select(token => tokenizer.Tokens.Contains(token.GetString()!) ? token.GetString()! : "[UNK]"),
                label
            );
    }

    private static void CheckPair(WordPiece tokenizer, JsonElement item, string label)
    {
        var row = tokenizer.EncodePair(
            item.GetProperty("a").GetString()!,
            item.GetProperty("b").GetString()!,
            item.GetProperty("max_length").GetInt32()
        );
        row.Ids.ShouldBe(Ints(item.GetProperty("input_ids")), label);
        row.Types.ShouldBe(Ints(item.GetProperty("token_type_ids")), label);
        row.Length.ShouldBe(Ints(item.GetProperty("attention_mask")).Sum(), label);
    }

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt32())];
}
