// Training, saving and loading WordPiece vocabularies, and the layout of pairs.
using Duet.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Text;

public sealed class WordPieceTests : IDisposable
{
    private static readonly string[] Texts =
    [
        .. Enumerable.Repeat("Nike Men Blue Running Shoes", 20),
        .. Enumerable.Repeat("Café crème walked walking", 5),
        "日本 shirt",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("duet-wordpiece-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Training_makes_frequent_words_one_token()
    {
        var tokenizer = WordPieceTrainer.Train(Texts, new WordPieceTrainerOptions { VocabularySize = 200 });
        tokenizer.Tokenize("running SHOES").Length.ShouldBe(2);
        tokenizer.Decode(tokenizer.Tokenize("Walked café")).ShouldBe("walked cafe");
        tokenizer.Tokenize("日").ShouldBe([tokenizer.Tokens.ToList().IndexOf("日")]);
        tokenizer.Tokenize("Ж").ShouldBe([tokenizer.UnknownId]);
    }

    [Fact]
    public void The_order_of_texts_does_not_matter()
    {
        var options = new WordPieceTrainerOptions { VocabularySize = 120 };
        WordPieceTrainer.Train(Texts.Reverse(), options).Tokens.ShouldBe(WordPieceTrainer.Train(Texts, options).Tokens);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(true, false)]
    [InlineData(false, null)]
    public void A_saved_tokenizer_loads_to_the_same_ids(bool lowerCase, bool? stripAccents)
    {
        var text = new WordPieceOptions { LowerCase = lowerCase, StripAccents = stripAccents };
        var tokenizer = WordPieceTrainer.Train(Texts, new WordPieceTrainerOptions { VocabularySize = 150, Text = text });
        tokenizer.Save(_folder);
        var loaded = Tokenizers.Load(_folder).ShouldBeOfType<WordPiece>();
        loaded.Options.ShouldBe(tokenizer.Options);
        loaded.Tokens.ShouldBe(tokenizer.Tokens);
        loaded.Encode("Café CRÈME [MASK] x", 20).Ids.ShouldBe(tokenizer.Encode("Café CRÈME [MASK] x", 20).Ids);
    }

    [Fact]
    public void A_vocabulary_file_goes_by_the_configuration_beside_it()
    {
        File.WriteAllText(Path.Combine(_folder, "vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\nA\na\n");
        Tokenizers.Load(_folder).Tokenize("A").ShouldBe([5]);
        File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), """{"do_lower_case":false}""");
        var cased = Tokenizers.Load(_folder);
        cased.Tokenize("A").ShouldBe([4]);
        cased.MaskId.ShouldBe(-1);
    }

    [Theory]
    [InlineData("a\na\n", "twice")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n", "[SEP]")]
    [InlineData("", "0 tokens")]
    public void Hostile_files_are_rejected_by_name(string content, string complaint)
    {
        string file = Path.Combine(_folder, "vocab.txt");
        File.WriteAllText(file, content);
        var error = Should.Throw<TokenizerFormatException>(() => Tokenizers.Load(_folder));
        error.Message.ShouldContain(file);
        error.Message.ShouldContain(complaint);
    }

    [Fact]
    public void Pairs_are_cut_like_taking_tokens_from_the_longer_text()
    {
        var tokenizer = new WordPiece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b"]);
        Prop.ForAll<byte, byte, byte>(
                (first, second, room) =>
                {
                    int a = first % 20;
                    int b = second % 20;
                    int length = 3 + (room % 30);
                    var row = tokenizer.EncodePair(Repeat("a", a), Repeat("b", b), length);
                    while (a + b + 3 > length)
                    {
                        if (a > b)
                        {
                            a--;
                        }
                        else
                        {
                            b--;
                        }
                    }

                    row.Ids.Count(id => id == 4).ShouldBe(a);
                    row.Ids.Count(id => id == 5).ShouldBe(b);
                    row.Types.Sum().ShouldBe(b + 1);
                    row.Length.ShouldBe(a + b + 3);
                    row.Truncated.ShouldBe(a != first % 20 || b != second % 20);
                }
            )
            .CheckSeeded();
        Should.Throw<ArgumentOutOfRangeException>(() => tokenizer.EncodePair("a", "b", 2));
    }

    [Fact]
    public void Any_text_gives_ids_in_range()
    {
        var tokenizer = WordPieceTrainer.Train(Texts, new WordPieceTrainerOptions { VocabularySize = 100 });
        Prop.ForAll<string?>(text => tokenizer.Tokenize(text ?? string.Empty).ShouldAllBe(id => id >= 0 && id < tokenizer.VocabularySize))
            .CheckSeeded();
    }

    [Fact]
    public void Special_tokens_in_a_text_are_found_in_exact_spelling_only()
    {
        var tokenizer = new WordPiece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "[", "]", "mask"]);
        tokenizer.Tokenize("a[MASK]a [SEP][mask]").ShouldBe([5, 4, 5, 3, 6, 8, 7]);
        tokenizer.Tokenize(string.Concat(Enumerable.Repeat("[SEP]", 100_000))).Length.ShouldBe(100_000);
    }

    private static string Repeat(string word, int count) => string.Join(' ', Enumerable.Repeat(word, count));
}
