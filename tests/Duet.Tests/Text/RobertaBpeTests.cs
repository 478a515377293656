// RoBERTa's byte-level BPE against its pattern, a plain merging by hand, and its files.
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Duet.Tests.Data;
using Duet.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Text;

public sealed partial class RobertaBpeTests
{
    private static readonly string[] Special = ["<s>", "<pad>", "</s>", "<unk>"];
    private static readonly (string Left, string Right)[] Merges =
    [
        ("Ġ", "s"),
        ("h", "o"),
        ("Ġs", "ho"),
        ("e", "r"),
        ("Ġ", "r"),
        ("Ġr", "e"),
        ("Ġre", "d"),
        ("Ġ", "Ġ"),
        ("1", "2"),
        ("ho", "e"),
    ];

    private static readonly RobertaBpe Tokenizer = new(Vocabulary(), Merges);

    [Fact]
    public void Pieces_are_merged_by_rank()
    {
        Names("a red shoe").ShouldBe(["a", "Ġred", "Ġsho", "e"]);
        Names("shoe 123").ShouldBe(["s", "hoe", "Ġ", "12", "3"]);
        Names("red  red").ShouldBe(["r", "e", "d", "Ġ", "Ġred"]);
        Names("é").ShouldBe(["Ã", "©"]);
        new RobertaBpe(Vocabulary(), Merges, addPrefixSpace: true).Tokenize("red").ShouldBe(Tokenizer.Tokenize(" red"));
    }

    [Fact]
    public void Rows_and_pairs_have_the_published_layout()
    {
        int[] red = Tokenizer.Tokenize("red"),
            shoe = Tokenizer.Tokenize(" shoe");
        var row = Tokenizer.Encode("red", 8);
        row.Ids.ShouldBe([0, .. red, 2, 1, 1, 1]);
        row.Length.ShouldBe(5);
        Tokenizer.EncodePair("red", " shoe", 12).Ids.ShouldBe([0, .. red, 2, 2, .. shoe, 2, 1, 1, 1]);
        Names("red <mask> shoe").ShouldBe(["r", "e", "d", "<mask>", "Ġsho", "e"]);
        Names("</s>red").ShouldBe(["</s>", "r", "e", "d"]);
        (Tokenizer.StartId, Tokenizer.PaddingId, Tokenizer.EndId, Tokenizer.MaskId).ShouldBe((0, 1, 2, Tokenizer.VocabularySize - 1));
    }

    [Theory]
    [InlineData("it's I'll 'sure '''x", "it|'s| I|'ll| '|sure| '''|x")]
    [InlineData("  two   blanks ", " | two|  | blanks| ")]
    [InlineData("a\n\nb\t 12.5%!", "a|\n|\n|b|\t| 12|.|5|%!")]
    [InlineData("Ångström 𝒜𝒷1½ 😀😀", "Ångström| 𝒜𝒷|1½| 😀😀")]
    public void Texts_are_cut_as_gpt_2_does(string text, string pieces) => string.Join('|', Pieces(text)).ShouldBe(pieces);

    [Fact]
    public void Cutting_follows_the_pattern_where_net_has_the_same_characters() =>
        Prop.ForAll(
                Gen.Elements("a", "Z", "é", "1", "²", " ", "  ", "\n", "'", "'s", "'re", "!", "-", "ß", "本", "\u00A0")
                    .ArrayOf()
                    .ToArbitrary(),
                parts =>
                {
                    var text = string.Concat(parts);
                    Pieces(text).ShouldBe(Pattern().Matches(text).Select(match => match.Value));
                }
            )
            .CheckSeeded();

    [Fact]
    public void Every_text_can_be_read_back() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<NonNull<string>>(),
                text =>
                {
                    // Half a surrogate pair has no bytes of its own.
                    var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get));
                    Tokenizer.Decode(Tokenizer.Tokenize(whole)).ShouldBe(whole);
                }
            )
            .CheckSeeded();

    [Fact]
    public void All_file_forms_give_the_same_ids()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["one"]);
        Tokenizer.Save(folder["one"]);
        var vocabulary = Vocabulary().Index().ToDictionary(token => token.Item, token => token.Index);
        folder.Write("two/vocab.json", JsonSerializer.Serialize(vocabulary));
        folder.Write("two/merges.txt", "#version: 0.2\n" + string.Join('\n', Merges.Select(merge => $"{merge.Left} {merge.Right}")) + "\n");
        foreach (var name in (string[])["one", "two"])
        {
            var loaded = Tokenizers.Load(folder[name]).ShouldBeOfType<RobertaBpe>();
            loaded.Kind.ShouldBe("roberta-bpe");
            loaded.Tokenize("a red <mask> shoe, 12 'red's").ShouldBe(Tokenizer.Tokenize("a red <mask> shoe, 12 'red's"));
        }
    }

    [Fact]
    public void Files_that_mean_something_else_are_refused()
    {
        using var folder = new TemporaryFolder();
        Tokenizer.Save(folder.Path);
        var text = File.ReadAllText(folder["tokenizer.json"]);
        void Refused(string before, string after, string named)
        {
            folder.Write("tokenizer.json", text.Replace(before, after, StringComparison.Ordinal));
            Should.Throw<TokenizerFormatException>(() => Tokenizers.Load(folder.Path)).Message.ShouldContain(named);
        }

        Refused("\"normalizer\": null", "\"normalizer\": {\"type\":\"Lowercase\"}", "normalizer");
        Refused("{\"type\":\"ByteLevel\",\"add_prefix_space\":false", "{\"type\":\"Whitespace\",\"add_prefix_space\":false", "Whitespace");
        Refused("<pad>", "<gap>", "<pad>");
        Refused("\"end_of_word_suffix\": \"\"", "\"end_of_word_suffix\": \"@\"", "@");
    }

    private static List<string> Vocabulary()
    {
        var bytes = Enumerable.Range(0, 256).Select(value => ByteLevelAlphabet.ToChar((byte)value).ToString());
        return [.. Special, .. bytes, .. Merges.Select(merge => merge.Left + merge.Right), "<mask>"];
    }

    private static IEnumerable<string> Names(string text) => Tokenizer.Tokenize(text).Select(id => Tokenizer.Tokens[id]);

    private static List<string> Pieces(string text)
    {
        var pieces = new List<string>();
        var walk = new RobertaWords(text);
        while (walk.MoveNext())
        {
            pieces.Add(walk.Current.ToString());
        }

        return pieces;
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Pattern();
}
