// T5's and mT5's published folders as EmbraceNet's text tower.
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Pretrained;
using Duet.Runs;
using Duet.Tests.Explanation;
using Duet.Tests.Models;
using Duet.Tests.Text;
using Duet.Text;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Pretrained;

[Collection(RandomNumbersCollection.Name)]
public sealed class T5CheckpointTests
{
    private const int Padding = 14;

    private static readonly T5Options Shape = new()
    {
        Width = 8,
        Layers = 2,
        Heads = 2,
        HeadWidth = 4,
        MlpWidth = 12,
        Buckets = 8,
        MaximumDistance = 16,
        NormEpsilon = 1e-5,
        Dropout = 0,
    };

    private static int Rows => SentencePieceFile.SmallT5.Length + Padding;

    private static EmbraceNetOptions Preset => (EmbraceNetOptions)EmbraceNet.Descriptor.Preset("tiny");

    [Fact]
    public void A_folder_becomes_the_text_tower_with_its_tokenizer()
    {
        using var scope = NewDisposeScope();
        using var folder = Folder(out var state);
        using var source = PretrainedSource.Open(folder.Path);
        source.Format.ShouldBe(PretrainedFormat.HuggingFaceT5);
        var options = (EmbraceNetOptions)PretrainedLoader.Configure("embracenet", Preset, source);
        (options.TextEncoder, options.TextPooling, options.Tokenizer).ShouldBe(
            (EmbraceTextEncoder.T5, EmbraceTextPooling.Flatten, Unigram.T5KindName)
        );
        options.T5.ShouldBe(Shape);
        var tokenizer = source.LoadTokenizer()!;
        tokenizer.VocabularySize.ShouldBe(Rows - Padding);
        using var model = EmbraceNet.Descriptor.Create(options, Context(tokenizer));

        var report = PretrainedLoader.Initialize(model, source);

        report.Notes.ShouldBe([$"{Rows - Padding} of {Rows} rows of the word table: the others are padding"]);
        report
            .Ignored.Select(ignored => ignored.Key)
            .ShouldBe(["decoder.final_layer_norm.weight", "encoder.embed_tokens.weight", "lm_head.weight"], ignoreOrder: true);
        report.Unmatched.ShouldBeEmpty();
        var ours = model.NamedState().ToDictionary();
        ours["text.embeddings.weight"].ToArray().ShouldBe(state["shared.weight"].narrow(0, 0, Rows - Padding).contiguous().ToArray());
        ours["text.relative_positions.weight"]
            .ToArray()
            .ShouldBe(state["encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"].ToArray());
        ours["text.resblocks.1.attn.o.weight"].ToArray().ShouldBe(state["encoder.block.1.layer.0.SelfAttention.o.weight"].ToArray());
        ours["text.resblocks.1.mlp.wi_0.weight"].ToArray().ShouldBe(state["encoder.block.1.layer.1.DenseReluDense.wi_0.weight"].ToArray());
        ours["text.ln_final.weight"].ToArray().ShouldBe(state["encoder.final_layer_norm.weight"].ToArray());
        report.New.ShouldAllBe(name => !name.StartsWith("text.", StringComparison.Ordinal));
    }

    [Fact]
    public void Wrong_folders_are_refused_by_name()
    {
        using var scope = NewDisposeScope();
        Refused(config => config["feed_forward_proj"] = "gated-mish", _ => { }).ShouldContain("mish");
        Refused(config => config["d_model"] = 0, _ => { }).ShouldContain("t5.width");
        Refused(_ => { }, state => state.Remove("encoder.block.1.layer.0.SelfAttention.v.weight"))
            .ShouldContain("t5.resblocks.1.attn.v.weight");
        Refused(_ => { }, state => state["encoder.block.0.layer.0.layer_norm.bias"] = zeros([8])).ShouldContain("layer_norm.bias");
        Refused(config => config["vocab_size"] = 40, _ => { }).ShouldContain("shared.weight");
        Refused(_ => { }, state => state["shared.weight"] = zeros([Rows + 1000, 8]), rows: Rows + 1000)
            .ShouldContain("every id needs its own row");
    }

    [Fact]
    public void A_tower_alone_is_no_run_and_other_systems_take_none()
    {
        using var scope = NewDisposeScope();
        using var folder = Folder(out _);
        using var source = PretrainedSource.Open(folder.Path);
        Should.Throw<PretrainedException>(() => PretrainedLoader.Configure("mmbt", new MmbtOptions(), source)).Message.ShouldContain("T5");
        using var output = new Data.TemporaryFolder();
        Should.Throw<PretrainedException>(() => PretrainedImport.Run(source, output["run"])).Message.ShouldContain("embracenet");
        Should
            .Throw<OptionException>(() => EmbraceNet.Descriptor.Create(Preset, Context(source.LoadTokenizer()!)))
            .Message.ShouldContain("start token");
    }

    [Theory]
    [InlineData(EmbraceTextEncoder.T5)]
    [InlineData(EmbraceTextEncoder.Bert)]
    public void A_run_is_a_source_with_the_tower_it_has(EmbraceTextEncoder encoder)
    {
        using var scope = NewDisposeScope();
        using var run = new SystemRun(
            "embracenet",
            options => encoder == EmbraceTextEncoder.Bert ? options : WithT5((EmbraceNetOptions)options)
        );
        using var source = PretrainedSource.Open(run.Run);
        source.Towers.Kinds.ShouldBe([encoder == EmbraceTextEncoder.T5 ? TowerKind.T5 : TowerKind.Bert, TowerKind.ResNet]);
        var options = (EmbraceNetOptions)PretrainedLoader.Configure("embracenet", Preset, source);
        options.TextEncoder.ShouldBe(encoder);
        using var model = EmbraceNet.Descriptor.Create(options, Context(source.LoadTokenizer()!));
        var report = PretrainedLoader.Initialize(model, source);
        report.New.ShouldAllBe(name =>
            name.StartsWith("fusion.", StringComparison.Ordinal) || name.StartsWith("heads.", StringComparison.Ordinal)
        );
    }

    internal static EmbraceNetOptions WithT5(EmbraceNetOptions options) =>
        options with
        {
            TextEncoder = EmbraceTextEncoder.T5,
            T5 = T5Options.Tiny,
            TextPooling = EmbraceTextPooling.Flatten,
        };

    private static ModelContext Context(ITokenizer tokenizer) =>
        ModelContext.From(new Duet.Data.TaskSchema(ContractBatches.Context.Tasks), tokenizer);

    private static string Refused(Action<Dictionary<string, object>> config, Action<Dictionary<string, Tensor>> state, int? rows = null)
    {
        using var folder = Folder(out _, config, state, rows);
        return Should
            .Throw<PretrainedException>(() =>
            {
                using var source = PretrainedSource.Open(folder.Path);
                var options = PretrainedLoader.Configure("embracenet", Preset, source);
                using var model = EmbraceNet.Descriptor.Create(options, Context(source.LoadTokenizer()!));
                PretrainedLoader.Initialize(model, source);
            })
            .Message;
    }

    internal static CheckpointFolder Folder(
        out Dictionary<string, Tensor> state,
        Action<Dictionary<string, object>>? config = null,
        Action<Dictionary<string, Tensor>>? change = null,
        int? rows = null
    )
    {
        var settings = new Dictionary<string, object>
        {
            ["model_type"] = "mt5",
            ["d_model"] = 8,
            ["num_layers"] = 2,
            ["num_heads"] = 2,
            ["d_kv"] = 4,
            ["d_ff"] = 12,
            ["relative_attention_num_buckets"] = 8,
            ["relative_attention_max_distance"] = 16,
            ["layer_norm_epsilon"] = 1e-5,
            ["dropout_rate"] = 0.0,
            ["feed_forward_proj"] = "gated-gelu",
            ["vocab_size"] = rows ?? Rows,
        };
        config?.Invoke(settings);
        state = T5EncoderTests.Published(Shape, Rows);
        state["encoder.embed_tokens.weight"] = state["shared.weight"];
        state["decoder.final_layer_norm.weight"] = ones([8]);
        state["lm_head.weight"] = ones([4, 8]);
        change?.Invoke(state);
        var folder = new CheckpointFolder().Json("config.json", settings).Weights(state);
        SentencePieceFile.Write(folder["spiece.model"], SentencePieceFile.SmallT5);
        return folder;
    }
}
