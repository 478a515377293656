// Loading tokenizers of every kind from files, good and hostile.
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Duet.Tests.Fixtures;
using Duet.Text;

namespace Duet.Tests.Text;

public sealed class TokenizerFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("duet-tokenizers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void The_published_clip_vocabulary_means_the_same_in_all_three_formats()
    {
        var fixture = FixtureFolders.OfKind("clip-tokenizer")[0];
        var published = Tokenizers.Load(Directory.EnumerateFiles(fixture.FullPath, "*.gz").Single()).ShouldBeOfType<ClipBpe>();
        published.Save(_folder);
        var saved = Tokenizers.Load(_folder);

        string other = Directory.CreateDirectory(Path.Combine(_folder, "pair")).FullName;
        var ids = published.Tokens.Select((token, id) => (token, id)).ToDictionary(entry => entry.token, entry => entry.id);
        File.WriteAllBytes(Path.Combine(other, "vocab.json"), JsonSerializer.SerializeToUtf8Bytes(ids));
        File.WriteAllLines(
            Path.Combine(other, "merges.txt"),
            published.Merges.Select(merge => $"{merge.Left} {merge.Right}").Prepend("#version: 0.2")
        );
        var pair = Tokenizers.Load(other);

        foreach (string text in (string[])["a photo of a cat", "naïve café", "日本 😀 <|endoftext|>", "don't 12,5 €"])
        {
            saved.Encode(text, 77).Ids.ShouldBe(published.Encode(text, 77).Ids);
            pair.Encode(text, 77).Ids.ShouldBe(published.Encode(text, 77).Ids);
        }
    }

    [SkippableFact]
    public void Damaged_model_files_never_do_worse_than_a_named_error()
    {
        var fixture = FixtureFolders.OfKind("sentencepiece-xlmr")[0];
        byte[] model = File.ReadAllBytes(Directory.EnumerateFiles(fixture.FullPath, "*.model").Single());
        string file = Path.Combine(_folder, "damaged.model");
        var random = new Random(11);
        int rejected = 0;
        for (int round = 0; round < 60; round++)
        {
            byte[] damaged = round % 3 == 0 ? model[..random.Next(model.Length)] : [.. model];
            for (int i = 0; i < 1 + (round % 40) && damaged.Length > 0; i++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(file, damaged);
            try
            {
                Tokenizers.Load(file).Tokenize("The ﬁrst ｔｅｓｔ 猫 ½").ShouldNotBeEmpty();
            }
            catch (TokenizerFormatException error)
            {
                error.Message.ShouldContain(file);
                rejected++;
            }
        }

        rejected.ShouldBeGreaterThan(5);
    }

    [Fact]
    public void A_gzip_bomb_is_stopped()
    {
        string file = Path.Combine(_folder, "bpe_simple_vocab.txt.gz");
        using (var stream = new GZipStream(File.Create(file), CompressionLevel.Fastest))
        {
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < 65; i++)
            {
                stream.Write(block);
            }
        }

        Should.Throw<TokenizerFormatException>(() => Tokenizers.Load(_folder)).Message.ShouldContain("limit");
    }

    [Theory]
    [InlineData("bpe_simple_vocab.txt.gz", "header\na b c\n", "line 2")]
    [InlineData("bpe_simple_vocab.txt.gz", "header\nxx yy\n", "not in the vocabulary")]
    [InlineData("x.model", "not a protocol buffer", "x.model")]
    [InlineData("x.model", "", "first three pieces")]
    [InlineData("tokenizer.json", """{"model":{"type":"Unigram","unk_id":3,"vocab":[["a",1]]}}""", "unk_id")]
    [InlineData("tokenizer.json", """{"model":{"type":"Unigram","unk_id":0,"vocab":[["a"]]}}""", "entry 0")]
    [InlineData("tokenizer.json", """{"model":{"type":"Unigram","unk_id":0,"vocab":[["a",1],["b",1e99]]}}""", "tokenizer.json")]
    [InlineData("tokenizer.json", """{"model":{"type":"Unigram","unk_id":0,"vocab":[["a",1]]}}""", "added_tokens")]
    [InlineData("tokenizer.json", """{"normalizer":{"type":"Lowercase"},"model":{"type":"WordPiece","vocab":{"a":0}}}""", "BertNormalizer")]
    [InlineData(
        "tokenizer.json",
        """{"added_tokens":[{"id":9,"content":"x"}],"model":{"type":"BPE","end_of_word_suffix":"</w>","vocab":{"a":0},"merges":[]}}""",
        "no"
    )]
    public void Hostile_files_are_rejected_by_name(string name, string content, string complaint)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, content, new UTF8Encoding(false));
        var error = Should.Throw<TokenizerFormatException>(() => Tokenizers.Load(_folder));
        error.Message.ShouldContain(file);
        error.Message.ShouldContain(complaint);
    }

    [Fact]
    public void An_unknown_file_type_is_named()
    {
        string file = Path.Combine(_folder, "vocab.bin");
        File.WriteAllText(file, "x");
        Should.Throw<TokenizerFormatException>(() => Tokenizers.Load(file)).Message.ShouldContain("vocab.bin");
        Should.Throw<FileNotFoundException>(() => Tokenizers.Load(file + "x")).Message.ShouldContain("vocab.binx");
    }
}
