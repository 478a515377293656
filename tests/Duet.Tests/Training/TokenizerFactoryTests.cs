// The tokenizer of a new run: trained on the training split, or the one that is named.
using Duet.Data;
using Duet.Models;
using Duet.Runs;
using Duet.Tests.Data;
using Duet.Text;
using Duet.Training;

namespace Duet.Tests.Training;

public sealed class TokenizerFactoryTests : IDisposable
{
    private static readonly Product[] Products =
    [
        .. Enumerable
            .Range(0, 20)
            .Select(row => new Product(row, "p", [], row % 2 == 0 ? "bright red running shoes" : "blue leather bag", [])),
        new Product(99, "p", ["a.jpg"], " ", []),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("clip-bpe", 600)]
    [InlineData("wordpiece", 514)]
    public void Trains_the_kind_the_system_takes(string kind, int size)
    {
        var tokenizer = TokenizerFactory.Create(Configuration(kind, size), Products);
        tokenizer.Kind.ShouldBe(kind);
        tokenizer.VocabularySize.ShouldBeLessThanOrEqualTo(size);
        tokenizer.Tokenize("bright red shoes").Length.ShouldBe(3);

        // Saved with a run, it comes back the same.
        tokenizer.Save(_folder.Path);
        var again = Tokenizers.Load(_folder.Path);
        (again.Kind, again.VocabularySize).ShouldBe((kind, tokenizer.VocabularySize));
        again.Tokenize("blue running thing").ShouldBe(tokenizer.Tokenize("blue running thing"));
    }

    [Fact]
    public void A_unigram_model_must_be_named()
    {
        var refused = Should.Throw<OptionException>(() => TokenizerFactory.Create(Configuration("unigram", 600), Products));
        refused.Message.ShouldContain("unigram");
        refused.Message.ShouldContain("tokenizer_path");
        _folder.Write(
            "tokenizer.json",
            """
            {
              "added_tokens": [{ "id": 0, "content": "<s>" }, { "id": 1, "content": "<pad>" }, { "id": 2, "content": "</s>" }, { "id": 3, "content": "<unk>" }],
              "pre_tokenizer": { "type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always" },
              "model": { "type": "Unigram", "unk_id": 3, "vocab": [["<s>", 0], ["<pad>", 0], ["</s>", 0], ["<unk>", 0], ["\u2581red", -1], ["\u2581", -2]] }
            }
            """
        );
        TokenizerFactory.Create(Configuration("unigram", 600, _folder.Path), Products).Kind.ShouldBe("unigram");
    }

    [Fact]
    public void A_named_tokenizer_is_taken_as_it_is_and_must_be_of_the_right_kind()
    {
        WordPieceTrainer.Train(["green hat", "green hat"]).Save(_folder.Path);
        TokenizerFactory.Create(Configuration("wordpiece", 600, _folder.Path), Products).Tokenize("hat").Length.ShouldBe(1);
        var refused = Should.Throw<OptionException>(() => TokenizerFactory.Create(Configuration("clip-bpe", 600, _folder.Path), Products));
        refused.Message.ShouldContain("wordpiece");
        refused.Message.ShouldContain("cma-clip takes clip-bpe");
        Should
            .Throw<FileNotFoundException>(() => TokenizerFactory.Create(Configuration("clip-bpe", 600, _folder["none"]), Products))
            .Message.ShouldContain("none");
    }

    [Fact]
    public void Stops_when_asked() =>
        Should.Throw<OperationCanceledException>(() =>
            TokenizerFactory.Create(Configuration("wordpiece", 600), Products, new CancellationToken(canceled: true))
        );

    private static RunConfiguration Configuration(string kind, int size, string? path = null) =>
        new()
        {
            Options = new CmaClipOptions { Tokenizer = kind },
            Data = new DataConfiguration(),
            Training = new TrainingOptions { VocabularySize = size, TokenizerPath = path },
        };
}
