// SigLIP's tokenizer on a small model written here: files, cleanings, and texts meant to harm.
using System.Text;
using Duet.Text;

namespace Duet.Tests.Text;

public sealed class SigLipTokenizerTests : IDisposable
{
    private const int Mark = 3 + 256;
    private const int A = Mark + 1;

    private readonly string _folder = Directory.CreateTempSubdirectory("duet-siglip-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Texts_end_and_are_filled_with_the_end_token()
    {
        var tokenizer = Build();
        (tokenizer.Kind, tokenizer.StartId, tokenizer.PaddingId, tokenizer.EndId, tokenizer.MaskId).ShouldBe(("siglip", -1, 1, 1, -1));
        tokenizer.Encode("A-b!", 6).Ids.ShouldBe([Mark, A, A + 1, 1, 1, 1]);
        tokenizer.Encode(string.Empty, 3).ShouldBeEquivalentTo(new EncodedText([1, 1, 1], 1, Truncated: false));
        tokenizer.Encode("abcdef", 4).Ids.ShouldBe([Mark, A, A + 1, 1]);
        tokenizer.Decode(tokenizer.Tokenize("A-b!")).ShouldBe("ab");
    }

    [Fact]
    public void Both_cleanings_are_told_apart_in_the_saved_file()
    {
        var huggingFace = Build();
        var openClip = SigLipTokenizer.From(huggingFace, SigLipCleaning.OpenClip)!;
        huggingFace.Clean("a_b &amp; c").ShouldBe(["\u2581ab amp c"]);
        openClip.Clean("a_b &amp; c").ShouldBe(["a b c"]);
        foreach (var tokenizer in new[] { huggingFace, openClip })
        {
            tokenizer.Save(_folder);
            var loaded = Tokenizers.Load(_folder).ShouldBeOfType<SigLipTokenizer>();
            (loaded.Cleaning, loaded.VocabularySize, loaded.PaddingId).ShouldBe((tokenizer.Cleaning, tokenizer.VocabularySize, 1));
            loaded.Tokenize("A_b </s> & c").ShouldBe(tokenizer.Tokenize("A_b </s> & c"));
        }
    }

    [Fact]
    public void A_published_file_without_a_padding_token_is_read()
    {
        File.WriteAllText(
            Path.Combine(_folder, "tokenizer.json"),
            """
            {"added_tokens":[{"id":1,"content":"</s>","special":true},{"id":2,"content":"<unk>","special":true}],
             "normalizer":{"type":"Sequence","normalizers":[{"type":"Lowercase"},
               {"type":"Replace","pattern":{"Regex":"[!-/]"},"content":""},{"type":"Strip","strip_left":true,"strip_right":true}]},
             "pre_tokenizer":{"type":"Metaspace","replacement":"▁","add_prefix_space":true},
             "model":{"type":"Unigram","unk_id":2,"vocab":[["<pad>",0],["</s>",0],["<unk>",0],["▁",-2],["a",-3]]}}
            """
        );
        var tokenizer = Tokenizers.Load(_folder).ShouldBeOfType<SigLipTokenizer>();
        (tokenizer.Cleaning, tokenizer.PaddingId).ShouldBe((SigLipCleaning.HuggingFace, 1));
        tokenizer.Encode("A!", 4).Ids.ShouldBe([3, 4, 1, 1]);
    }

    [Fact]
    public void Vocabularies_of_other_models_are_refused()
    {
        var file = Path.Combine(_folder, "xlm.model");
        SentencePieceFile.Write(file, [.. SentencePieceFile.XlmRobertaHead, ("▁", -2, SentencePieceFile.Normal)]);
        var xlm = Unigram.Read(file);
        SigLipTokenizer.From(xlm).ShouldBeNull();
        Should
            .Throw<TokenizerFormatException>(() => new SigLipTokenizer(xlm, SigLipCleaning.HuggingFace))
            .Message.ShouldContain("start token");
    }

    [Theory]
    [InlineData(SigLipCleaning.HuggingFace)]
    [InlineData(SigLipCleaning.OpenClip)]
    public void Hostile_texts_stay_cheap_and_give_known_ids(SigLipCleaning cleaning)
    {
        var tokenizer = SigLipTokenizer.From(Build(), cleaning)!;
        string[] texts =
        [
            new('!', 100_000),
            new StringBuilder().Insert(0, "</s>", 20_000).ToString(),
            new StringBuilder().Insert(0, "<unk> ", 20_000).ToString(),
            new('\u2581', 50_000),
            new('İ', 20_000),
            "\uD800 a \uDFFF",
            "\0\u001C\u200B",
        ];
        foreach (var text in texts)
        {
            tokenizer.Tokenize(text).ShouldAllBe(id => id >= 0 && id < tokenizer.VocabularySize);
            tokenizer.Encode(text, 16).Ids.Length.ShouldBe(16);
        }
    }

    private SigLipTokenizer Build()
    {
        var file = Path.Combine(_folder, "spiece.model");
        SentencePieceFile.Write(file, SentencePieceFile.SmallT5);
        var tokenizer = SigLipTokenizer.From(Tokenizers.Load(file))!;
        File.Delete(file);
        return tokenizer;
    }
}
