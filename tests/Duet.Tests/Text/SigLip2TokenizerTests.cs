// SigLIP 2's tokenizer on a small vocabulary of Gemma's kind written here.
using System.Text.Json;
using System.Text.Json.Nodes;
using Duet.Text;

namespace Duet.Tests.Text;

public sealed class SigLip2TokenizerTests : IDisposable
{
    private static readonly string[] Tokens =
    [
        "<pad>",
        "<eos>",
        "<bos>",
        "<unk>",
        .. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"),
        "▁",
        "a",
        "b",
        "c",
        "ab",
        "▁a",
        "▁ab",
        "▁▁",
        "-",
    ];

    private static readonly string[][] Merges =
    [
        ["▁", "▁"],
        ["a", "b"],
        ["▁", "ab"],
        ["▁", "a"],
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("duet-siglip2-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Characters_are_merged_by_rank_and_unknown_ones_are_bytes()
    {
        var tokenizer = Load();
        (tokenizer.Kind, tokenizer.StartId, tokenizer.PaddingId, tokenizer.EndId).ShouldBe(("siglip2", -1, 0, 1));
        Spelled(tokenizer, "AB ab ac").ShouldBe(["ab", "▁ab", "▁a", "c"]);
        Spelled(tokenizer, "a   b-").ShouldBe(["a", "▁▁", "▁", "b", "-"]);
        Spelled(tokenizer, "É").ShouldBe(["<0xC3>", "<0xA9>"]);
        Spelled(tokenizer, "a<eos>b").ShouldBe(["a", "<eos>", "b"]);
        tokenizer.Encode("ab", 4).Ids.ShouldBe([Id("ab"), 1, 0, 0]);
        tokenizer.Decode(tokenizer.Tokenize("AB é c")).ShouldBe("ab é c");
    }

    [Fact]
    public void A_saved_tokenizer_gives_the_same_ids_with_both_cleanings()
    {
        foreach (var tokenizer in new[] { Load(), Load().With(SigLipCleaning.OpenClip) })
        {
            var saved = Directory.CreateDirectory(Path.Combine(_folder, tokenizer.Cleaning.ToString())).FullName;
            tokenizer.Save(saved);
            var loaded = Tokenizers.Load(saved).ShouldBeOfType<SigLip2Tokenizer>();
            loaded.Cleaning.ShouldBe(tokenizer.Cleaning);
            foreach (var text in (string[])["A-b_c", "a <eos> b", "süß 靴 ab", string.Empty, "\uD800"])
            {
                loaded.Tokenize(text).ShouldBe(tokenizer.Tokenize(text), text);
            }
        }

        Spelled(Load().With(SigLipCleaning.OpenClip), "A-b_c").ShouldBe(["ab", "▁", "c"]);
    }

    [Fact]
    public void Files_of_other_kinds_are_refused()
    {
        Refused(file => file["normalizer"]!["normalizers"]!.AsArray().Insert(0, JsonNode.Parse("""{"type":"Prepend","prepend":"▁"}""")))
            .ShouldContain("Gemma");
        Refused(file => file["model"]!["vocab"]!.AsObject().Remove("<0x00>")).ShouldContain("id");
        Refused(file => file["model"]!["merges"]!.AsArray().Add(JsonNode.Parse("""["c","c"]"""))).ShouldContain("Merge 4");
    }

    [Fact]
    public void A_long_text_of_one_character_stays_cheap() => Load().Tokenize(new string('a', 200_000)).Length.ShouldBe(200_000);

    private static string[] Spelled(SigLip2Tokenizer tokenizer, string text) => [.. tokenizer.Tokenize(text).Select(id => Tokens[id])];

    private static int Id(string token) => Array.IndexOf(Tokens, token);

    private string Refused(Action<JsonNode> change)
    {
        var file = JsonNode.Parse(Json())!;
        change(file);
        File.WriteAllText(Path.Combine(_folder, "tokenizer.json"), file.ToJsonString());
        return Should.Throw<TokenizerFormatException>(() => Tokenizers.Load(_folder)).Message;
    }

    private SigLip2Tokenizer Load()
    {
        File.WriteAllText(Path.Combine(_folder, "tokenizer.json"), Json());
        return Tokenizers.Load(_folder).ShouldBeOfType<SigLip2Tokenizer>();
    }

    private static string Json() =>
        JsonSerializer.Serialize(
            new
            {
                added_tokens = Tokens[..4]
                    .Select(
                        (token, id) =>
                            new
                            {
                                id,
                                content = token,
                                special = true,
                            }
                    ),
                normalizer = new
                {
                    type = "Sequence",
                    normalizers = new object[]
                    {
                        new { type = "Lowercase" },
                        new
                        {
                            type = "Replace",
                            pattern = new { String = " " },
                            content = "▁",
                        },
                    },
                },
                model = new
                {
                    type = "BPE",
                    byte_fallback = true,
                    vocab = Tokens.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id),
                    merges = Merges,
                },
            }
        );
}
