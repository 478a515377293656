// The unigram tokenizer on small models written here: best path, unknown text, bytes, user-defined pieces.
using Duet.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Text;

public sealed class UnigramTests : IDisposable
{
    private const int Normal = SentencePieceFile.Normal;
    private const int UserDefined = SentencePieceFile.UserDefined;
    private const int Byte = SentencePieceFile.Byte;

    private readonly string _folder = Directory.CreateTempSubdirectory("duet-unigram-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_path_with_the_largest_sum_wins()
    {
        var tokenizer = Build(
            ("▁", -2, Normal),
            ("a", -3, Normal),
            ("b", -3, Normal),
            ("ab", -7, Normal),
            ("▁ab", -7, Normal),
            ("▁a", -4, Normal)
        );
        tokenizer.Segment("ab").Select(piece => piece.Text).ShouldBe(["▁ab"]);
        tokenizer.Segment("ab ab b").Select(piece => piece.Text).ShouldBe(["▁ab", "▁ab", "▁", "b"]);
        tokenizer.Segment("aab").Select(piece => piece.Text).ShouldBe(["▁a", "a", "b"]);
    }

    [Fact]
    public void Neighbouring_unknown_characters_are_one_piece()
    {
        var tokenizer = Build(("▁", -2, Normal), ("a", -3, Normal));
        tokenizer
            .Segment("xyz a😀")
            .ShouldBe([
                new UnigramPiece("▁", 4),
                new UnigramPiece("xyz", 3),
                new UnigramPiece("▁", 4),
                new UnigramPiece("a", 5),
                new UnigramPiece("😀", 3),
            ]);
    }

    [Fact]
    public void Byte_pieces_spell_unknown_characters()
    {
        var tokenizer = Build([
            ("▁", -2f, Normal),
            ("a", -3f, Normal),
            .. Enumerable.Range(0, 256).Select(value => ($"<0x{value:X2}>", 0f, Byte)),
        ]);
        tokenizer.Tokenize("aé").ShouldBe([4, 5, 6 + 0xC3, 6 + 0xA9]);
        tokenizer.Decode(tokenizer.Tokenize("a é😀 a")).ShouldBe("a é😀 a");
        tokenizer.Save(_folder);
        Tokenizers.Load(Path.Combine(_folder, "tokenizer.json")).Tokenize("aé").ShouldBe(tokenizer.Tokenize("aé"));
    }

    [Fact]
    public void User_defined_pieces_go_by_their_bonus_not_their_score()
    {
        var tokenizer = Build(("▁", -2, Normal), ("a", -3, Normal), ("b", -3, Normal), ("ba", -90, UserDefined));
        tokenizer.Segment("abab").Select(piece => piece.Text).ShouldBe(["▁", "a", "ba", "b"]);
    }

    [Fact]
    public void White_space_is_collapsed_and_marked()
    {
        var tokenizer = Build(("▁", -2, Normal), ("a", -3, Normal));
        tokenizer.Normalize("  a   a ").ShouldBe("▁a▁a");
        tokenizer.Normalize("   ").ShouldBe(string.Empty);
        tokenizer.Tokenize(string.Empty).ShouldBeEmpty();
        tokenizer.Decode(tokenizer.Tokenize("  a   a ")).ShouldBe("a a");
    }

    [Fact]
    public void Any_text_gives_ids_in_range_and_a_saved_model_gives_the_same()
    {
        var tokenizer = Build(("▁", -2, Normal), ("a", -3, Normal), ("b", -3, Normal), ("▁ab", -5, Normal));
        tokenizer.Save(_folder);
        var loaded = Tokenizers.Load(Path.Combine(_folder, "tokenizer.json"));
        Prop.ForAll<string?>(text =>
            {
                int[] ids = tokenizer.Tokenize(text ?? string.Empty);
                ids.ShouldAllBe(id => id >= 0 && id < tokenizer.VocabularySize);
                loaded.Tokenize(text ?? string.Empty).ShouldBe(ids);
            })
            .CheckSeeded();
    }

    [Theory]
    [InlineData(true, true, "▁a▁a", "a a")]
    [InlineData(true, false, "▁▁▁a▁▁a▁", "  a  a ")]
    [InlineData(false, true, "a▁a", "a a")]
    [InlineData(false, false, "▁▁a▁▁a▁", "  a  a ")]
    public void White_space_is_treated_as_the_model_says_also_after_saving(
        bool addPrefix,
        bool removeExtra,
        string normalized,
        string decoded
    )
    {
        string file = Path.Combine(_folder, "flags.model");
        SentencePieceFile.Write(
            file,
            [.. SentencePieceFile.XlmRobertaHead, ("▁", -2, Normal), ("a", -3, Normal), ("▁a", -4, Normal)],
            addDummyPrefix: addPrefix,
            removeExtraWhiteSpace: removeExtra
        );
        var tokenizer = Unigram.Read(file);
        tokenizer.Save(_folder);
        foreach (var same in new[] { tokenizer, (Unigram)Tokenizers.Load(Path.Combine(_folder, "tokenizer.json")) })
        {
            same.Normalize("  a  a ").ShouldBe(normalized);
            same.Tokenize("  a  a ").ShouldBe(tokenizer.Tokenize("  a  a "));
            same.Decode(same.Tokenize("  a  a ")).ShouldBe(decoded);
        }
    }

    [Fact]
    public void Leading_blanks_go_when_decoding_where_no_normalized_text_begins_with_them()
    {
        var tokenizer = Build(("▁", -2, Normal), ("a", -3, Normal), ("▁a", -4, Normal));
        tokenizer.Decode([4, 6, 4, 5]).ShouldBe("a a");
        tokenizer.Decode([0, 4, 2]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a", float.NaN, Normal, "not a number")]
    [InlineData("▁", -1, Normal, "twice")]
    [InlineData("<0xZZ>", -1, Byte, "<0xZZ>")]
    [InlineData("<0x41>", -1, Byte, "1 byte pieces")]
    [InlineData("a", -1, 9, "piece type 9")]
    public void Impossible_pieces_are_named(string piece, float score, int type, string complaint) =>
        Should.Throw<TokenizerFormatException>(() => Build(("▁", -2, Normal), (piece, score, type))).Message.ShouldContain(complaint);

    [Fact]
    public void Models_of_another_type_are_named() =>
        Should.Throw<TokenizerFormatException>(() => Build(2, ("▁", -2, Normal))).Message.ShouldContain("type 2");

    private Unigram Build(params (string Text, float Score, int Type)[] pieces) => Build(1, pieces);

    private Unigram Build(int modelType, params (string Text, float Score, int Type)[] pieces)
    {
        string file = Path.Combine(_folder, "made.model");
        SentencePieceFile.Write(file, [.. SentencePieceFile.XlmRobertaHead, .. pieces], modelType);
        return Unigram.Read(file);
    }
}
