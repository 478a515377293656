// T5's and mT5's SentencePiece models: ids as in the file, nothing before a text, bytes, sentinels.
using Duet.Data;
using Duet.Text;

namespace Duet.Tests.Text;

public sealed class T5UnigramTests : IDisposable
{
    private const int A = 3 + 256 + 1;

    private readonly string _folder = Directory.CreateTempSubdirectory("duet-t5-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Ids_are_the_places_in_the_file_and_rows_end_with_the_end()
    {
        var tokenizer = Build();
        (tokenizer.Kind, tokenizer.StartId, tokenizer.PaddingId, tokenizer.EndId, tokenizer.UnknownId, tokenizer.MaskId).ShouldBe(
            ("t5-unigram", -1, 0, 1, 2, -1)
        );
        tokenizer.VocabularySize.ShouldBe(SentencePieceFile.SmallT5.Length);
        tokenizer.Tokenize("ab").ShouldBe([A - 1, A, A + 1]);
        tokenizer.Tokenize("é").ShouldBe([A - 1, 3 + 0xC3, 3 + 0xA9]);
        var row = tokenizer.Encode("ab", 6);
        row.Ids.ShouldBe([A - 1, A, A + 1, 1, 0, 0]);
        (row.Length, row.Truncated).ShouldBe((4, false));
        tokenizer.Encode("abcdef", 4).Ids.ShouldBe([A - 1, A, A + 1, 1]);
        tokenizer.Encode("abcdefg", 5, LongText.HeadTail).Ids.ShouldBe([A - 1, A, A + 1, A + 6, 1]);
        tokenizer.Encode(string.Empty, 3).Ids.ShouldBe([1, 0, 0]);
        tokenizer
            .EncodeChunks("abcd", 4)
            .Select(piece => piece.Ids)
            .ShouldBe([
                [A - 1, A, A + 1, 1],
                [A + 2, A + 3, 1, 0],
            ]);
        tokenizer.EncodePair("a", "b", 8).Ids.ShouldBe([A - 1, A, 1, A - 1, A + 1, 1, 0, 0]);
    }

    [Fact]
    public void A_saved_model_gives_the_same_with_bytes_and_sentinels()
    {
        var tokenizer = Build(("▁<extra_id_0>", 0, SentencePieceFile.UserDefined));
        tokenizer.Save(_folder);
        var loaded = Tokenizers.Load(Path.Combine(_folder, "tokenizer.json"));
        (loaded.Kind, loaded.StartId, loaded.EndId, loaded.VocabularySize).ShouldBe((tokenizer.Kind, -1, 1, tokenizer.VocabularySize));
        foreach (var text in (string[])["a shoe", "süß 靴", "x ▁<extra_id_0> y", string.Empty, "<0x41> </s>"])
        {
            loaded.Tokenize(text).ShouldBe(tokenizer.Tokenize(text), text);
            loaded.Decode(loaded.Tokenize(text)).ShouldBe(tokenizer.Decode(tokenizer.Tokenize(text)), text);
        }
    }

    [Fact]
    public void Varying_tokens_leaves_the_first_word_no_privilege_and_the_end_alone()
    {
        var variation = new TokenVariation(0.9, 0, null, 8, startLength: 0);
        var seen = Enumerable.Range(1, 200).Select(row => variation.Apply([5, 6, 7, 1], new TrainingView(3, 0), row)).ToArray();
        seen.All(ids => ids[^1] == 1 && ids.Count(id => id == 1) == 1).ShouldBeTrue();
        seen.Any(ids => ids[0] != 5).ShouldBeTrue();
        variation.Apply([1], new TrainingView(3, 0), 1).ShouldBe([1]);
    }

    private Unigram Build(params (string Text, float Score, int Type)[] more)
    {
        var file = Path.Combine(_folder, "spiece.model");
        SentencePieceFile.Write(file, [.. SentencePieceFile.SmallT5, .. more]);
        return Unigram.Read(file);
    }
}
