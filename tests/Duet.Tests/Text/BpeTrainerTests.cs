// Training, saving and loading byte-level BPE vocabularies.
using System.Text;
using Duet.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Text;

public sealed class BpeTrainerTests : IDisposable
{
    private static readonly string[] Texts =
    [
        .. Enumerable.Repeat("Nike Men Blue Running Shoes", 20),
        .. Enumerable.Repeat("Puma Women White Running Shoes size 42", 10),
        "Déjà vu crème brûlée",
        "日本語のシャツ",
        "😀 shirt 😀",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("duet-bpe-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Frequent_words_become_one_token()
    {
        var tokenizer = BpeTrainer.Train(Texts, new BpeTrainerOptions { VocabularySize = 700 });
        tokenizer.Tokenize("running shoes").Length.ShouldBe(2);
        tokenizer.Tokens[tokenizer.Tokenize("shoes")[0]].ShouldBe("shoes</w>");
        tokenizer.VocabularySize.ShouldBeLessThanOrEqualTo(700);
    }

    [Fact]
    public void The_order_of_texts_does_not_matter()
    {
        var options = new BpeTrainerOptions { VocabularySize = 640 };
        var forward = BpeTrainer.Train(Texts, options);
        var backward = BpeTrainer.Train(Texts.Reverse(), options);
        backward.Tokens.ShouldBe(forward.Tokens);
        backward.Merges.ShouldBe(forward.Merges);
    }

    [Fact]
    public void Incremental_counts_equal_counting_anew()
    {
        var random = new Random(5);
        var texts = Enumerable
            .Range(0, 60)
            .Select(_ =>
                string.Join(
                    ' ',
                    Enumerable
                        .Range(0, 6)
                        .Select(_ => string.Concat(Enumerable.Range(0, 1 + random.Next(6)).Select(_ => "ab"[random.Next(2)])))
                )
            )
            .ToArray();
        var trained = BpeTrainer.Train(texts, new BpeTrainerOptions { VocabularySize = 560 });
        trained.Merges.Count.ShouldBeGreaterThan(10);
        trained.Merges.ShouldBe(NaiveMerges(texts, trained.Merges.Count, trained));
    }

    [Fact]
    public void A_saved_tokenizer_loads_to_the_same_ids()
    {
        var tokenizer = BpeTrainer.Train(Texts, new BpeTrainerOptions { VocabularySize = 640 });
        tokenizer.Save(_folder);
        Directory.GetFiles(_folder).ShouldHaveSingleItem();
        var loaded = Tokenizers.Load(_folder).ShouldBeOfType<ClipBpe>();
        loaded.Tokens.ShouldBe(tokenizer.Tokens);
        loaded.Merges.ShouldBe(tokenizer.Merges);
        foreach (string text in Texts)
        {
            loaded.Encode(text, 16).Ids.ShouldBe(tokenizer.Encode(text, 16).Ids);
        }
    }

    [Fact]
    public void Any_text_comes_back_as_it_was_cleaned()
    {
        var tokenizer = BpeTrainer.Train(Texts, new BpeTrainerOptions { VocabularySize = 600 });
        Prop.ForAll<string?>(text =>
            {
                int[] ids = tokenizer.Tokenize(text ?? string.Empty);
                ids.ShouldAllBe(id => id >= 0 && id < tokenizer.VocabularySize);
                if (!ids.Contains(tokenizer.StartId) && !ids.Contains(tokenizer.EndId))
                {
                    tokenizer.Decode(ids).ShouldBe(string.Join(' ', ClipBpe.Words(text ?? string.Empty)));
                }
            })
            .CheckSeeded();
    }

    [Fact]
    public void Rows_have_start_end_and_padding()
    {
        var tokenizer = BpeTrainer.Train(Texts, new BpeTrainerOptions { VocabularySize = 520 });
        var row = tokenizer.Encode("abc", 8);
        row.Length.ShouldBe(5);
        row.Truncated.ShouldBeFalse();
        row.Ids[0].ShouldBe(tokenizer.StartId);
        row.Ids[row.Length - 1].ShouldBe(tokenizer.EndId);
        row.Ids[5..].ShouldAllBe(id => id == 0);
    }

    [Theory]
    [InlineData(LongText.Head, "0 1 2 3 4 5 6 7")]
    [InlineData(LongText.HeadTail, "0 1 2 3 4 5 8 9")]
    [InlineData(LongText.Chunk, "0 1 2 3 4 5 6 7")]
    public void Long_texts_are_cut_as_asked(LongText longText, string kept)
    {
        var tokenizer = BpeTrainer.Train(Texts, new BpeTrainerOptions { VocabularySize = 514 });
        var row = tokenizer.Encode("0 1 2 3 4 5 6 7 8 9", 10, longText);
        row.Truncated.ShouldBeTrue();
        row.Ids[0].ShouldBe(tokenizer.StartId);
        row.Ids[9].ShouldBe(tokenizer.EndId);
        tokenizer.Decode(row.Ids).ShouldBe(kept);
    }

    [Fact]
    public void Chunks_hold_the_whole_text_unless_there_are_too_many()
    {
        var tokenizer = BpeTrainer.Train(Texts, new BpeTrainerOptions { VocabularySize = 514 });
        var rows = tokenizer.EncodeChunks("0 1 2 3 4 5 6 7 8 9", 6);
        rows.Count.ShouldBe(3);
        rows.ShouldAllBe(row => !row.Truncated && row.Ids[row.Length - 1] == tokenizer.EndId);
        string.Join(' ', rows.Select(row => tokenizer.Decode(row.Ids.AsSpan(0, row.Length)))).ShouldBe("0 1 2 3 4 5 6 7 8 9");
        tokenizer.EncodeChunks("0 1 2 3 4 5 6 7 8 9", 6, 2).ShouldAllBe(row => row.Truncated);
        tokenizer.EncodeChunks(string.Empty, 6).ShouldHaveSingleItem().Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("{", "damaged")]
    [InlineData("[]", "model")]
    [InlineData("""{"model":{"type":"BPE","end_of_word_suffix":"_","vocab":{},"merges":[]}}""", "end_of_word_suffix")]
    [InlineData("""{"model":{"type":"BPE","end_of_word_suffix":"</w>","vocab":{"a":5},"merges":[]}}""", "id 0")]
    [InlineData("""{"model":{"type":"BPE","end_of_word_suffix":"</w>","vocab":{"a":0,"b":0},"merges":[]}}""", "same id")]
    [InlineData("""{"model":{"type":"BPE","end_of_word_suffix":"</w>","vocab":{"a":-1},"merges":[]}}""", "no id")]
    [InlineData("""{"model":{"type":"BPE","end_of_word_suffix":"</w>","vocab":{"a":0},"merges":["a b"]}}""", "not in the vocabulary")]
    [InlineData("""{"model":{"type":"BPE","end_of_word_suffix":"</w>","vocab":{"a":0},"merges":["ab"]}}""", "merge 0")]
    [InlineData("""{"model":{"type":"BPE","end_of_word_suffix":"</w>","vocab":{"a":0},"merges":[]}}""", "lacks")]
    [InlineData("""{"model":{"type":"Other"}}""", "Other")]
    public void Hostile_files_are_rejected_by_name(string content, string complaint)
    {
        string file = Path.Combine(_folder, "tokenizer.json");
        File.WriteAllText(file, content, new UTF8Encoding(false));
        var error = Should.Throw<TokenizerFormatException>(() => Tokenizers.Load(_folder));
        error.Message.ShouldContain(file);
        error.Message.ShouldContain(complaint);
    }

    [Fact]
    public void A_folder_without_a_tokenizer_is_named() =>
        Should.Throw<FileNotFoundException>(() => Tokenizers.Load(_folder)).Message.ShouldContain(_folder);

    [Fact]
    public void Long_hostile_words_stay_cheap()
    {
        var tokenizer = BpeTrainer.Train(Texts, new BpeTrainerOptions { VocabularySize = 700 });
        tokenizer.Tokenize(new string('o', 200_000)).Length.ShouldBeGreaterThan(1000);
    }

    private static List<(string Left, string Right)> NaiveMerges(string[] texts, int count, ClipBpe trained)
    {
        var ids = trained.Tokens.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id);
        var words = texts
            .SelectMany(ClipBpe.Words)
            .Select(word => word.Select((c, i) => i + 1 < word.Length ? $"{c}" : c + ClipBpe.EndOfWord).ToList())
            .ToList();
        var merges = new List<(string, string)>();
        while (merges.Count < count)
        {
            var (left, right) = words
                .SelectMany(word => word.Zip(word.Skip(1)))
                .GroupBy(pair => pair)
                .OrderByDescending(group => group.Count())
                .ThenBy(group => ids[group.Key.First])
                .ThenBy(group => ids[group.Key.Second])
                .First()
                .Key;
            merges.Add((left, right));
            foreach (var word in words)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] == left && word[i + 1] == right)
                    {
                        word[i] += right;
                        word.RemoveAt(i + 1);
                    }
                }
            }
        }

        return merges;
    }
}
