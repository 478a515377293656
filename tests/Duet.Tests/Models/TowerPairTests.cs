// CMA-CLIP with every picture tower beside every text tower.
using Duet.Data;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Runs;
using Duet.Tests.Data;
using Duet.Torch;
using Duet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Models;

[Collection(RandomNumbersCollection.Name)]
public sealed class TowerPairTests : IDisposable
{
    private const int Products = 6;
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var picture in TowerChoice.Pictures.Names)
            {
                foreach (var text in TowerChoice.Texts.Names)
                {
                    pairs.Add(picture, text);
                }
            }

            return pairs;
        }
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_pair_answers_learns_and_is_explained(string picture, string text)
    {
        TorchRuntime.Seed(1);
        var options = ContractModel.WithTowers(picture, text);
        options.Validate();
        using var model = CmaClip.Descriptor.Create(options, ContractBatches.Context);
        var batch = ContractBatches.Make(options, Products, seed: 3);

        // What is missing has no influence.
        var logits = ContractModel.Logits(model, batch);
        var spoilt = ContractModel.Logits(model, ContractBatches.Spoil(batch, options, seed: 7));
        (logits - spoilt).abs().max().ToDouble().ShouldBeLessThan(1e-5);

        // Every parameter learns, the towers' too.
        model.train();
        ContractModel.WholeLoss(model, batch).backward();
        model.NamedParameters().Where(parameter => parameter.Value.grad is null).Select(parameter => parameter.Key).ShouldBeEmpty();
        model.eval();

        using var gradients = no_grad();
        CheckExplanation(model, batch with { ImagePresent = ones_like(batch.ImagePresent), TextPresent = ones_like(batch.TextPresent) });
        CheckFile(options);
    }

    [Theory]
    [InlineData(Aggregation.SpecialTokens)]
    [InlineData(Aggregation.Mean)]
    public void A_network_without_a_class_position_is_read_from_all_cells(Aggregation aggregation)
    {
        TorchRuntime.Seed(1);
        var options = ContractModel.WithTowers("resnet", "bert") with { Aggregation = aggregation };
        using var model = CmaClip.Descriptor.Create(options, ContractBatches.Context);
        using var gradients = no_grad();
        var batch = ContractBatches.Make(options, Products, seed: 3, gaps: false);
        var flow = model.Attend(batch);
        var cells = flow.ReadOuts[0].Weights.narrow(1, 0, 16);
        (cells - cells.mean([1], keepdim: true)).abs().max().ToDouble().ShouldBeLessThan(1e-6);
        cells.sum(1).ToArray().ShouldAllBe(share => share > 0.01f);
    }

    [Fact]
    public void Frozen_statistics_stay_while_all_else_learns()
    {
        foreach (var frozen in (bool[])[true, false])
        {
            TorchRuntime.Seed(1);
            var options = ContractModel.WithTowers("resnet", "bert");
            options = options with { Image = (ResNetOptions)options.Image with { FrozenStatistics = frozen } };
            using var model = CmaClip.Descriptor.Create(options, ContractBatches.Context);
            var before = Copies(model);
            ContractModel.Learn(model, ContractBatches.Make(options, 8, seed: 3), goal: 0, mostSteps: 3);
            var after = model.NamedState().ToDictionary();
            var moved = before
                .Where(tensor => !after[tensor.Key].ToArray().SequenceEqual(tensor.Value))
                .Select(tensor => tensor.Key)
                .ToList();
            moved.ShouldContain("visual.bn1.weight");
            moved.ShouldContain("visual.layer1.0.conv1.weight");
            moved.Exists(name => name.Contains("running_", StringComparison.Ordinal)).ShouldBe(!frozen);
        }

        static Dictionary<string, float[]> Copies(ProductModel model) =>
            model
                .NamedState()
                .Where(tensor => tensor.Value.dtype == ScalarType.Float32)
                .ToDictionary(tensor => tensor.Key, tensor => tensor.Value.ToArray());
    }

    [Fact]
    public void Other_towers_are_refused_by_name_and_by_what_does_not_fit()
    {
        var tiny = (CmaClipOptions)CmaClip.Descriptor.Preset("tiny");
        Should
            .Throw<OptionException>(() => TowerChoice.Pictures.Switch(tiny.Image, "vgg"))
            .Message.ShouldContain("clip-vit, clip-resnet, vit, resnet");
        Should
            .Throw<OptionException>(() => (tiny with { Text = BertTowerOptions.Tiny with { Positions = 8 } }).Validate())
            .Message.ShouldContain("text.positions");
        Should
            .Throw<OptionException>(() => (tiny with { Image = ClipResNetTower.Tiny, ImageSize = 63 }).Validate())
            .Message.ShouldContain("image_size 63");
        Should
            .Throw<OptionException>(() =>
                (tiny with { Text = BertTowerOptions.Tiny, FusionInitialization = FusionInitialization.TextTower }).Validate()
            )
            .Message.ShouldContain("text.tower is bert");
    }

    // All tasks read both inputs, and words look at patches.
    private static void CheckExplanation(ProductModel model, Batch batch)
    {
        var flow = model.Attend(batch);
        flow.IsEmpty.ShouldBeFalse();
        flow.Joint.ShouldNotBeNull();
        for (var task = 0; task < model.Context.Tasks.Count; task++)
        {
            var mass = flow.FromAnswer(task);
            var whole = mass.Values.Select(values => values.sum(2)).Aggregate((sum, next) => sum + next).ToArray();
            whole.ShouldAllBe(sum => sum > 0.2f && sum < 1.0001f);
            mass.Where(pair => pair.Key.PatchCount > 0)
                .Sum(pair => pair.Value.narrow(2, pair.Key.PatchStart, pair.Key.PatchCount).sum().ToDouble())
                .ShouldBeGreaterThan(0.01);
            mass.Where(pair => pair.Key.TextCount > 0)
                .Sum(pair => pair.Value.narrow(2, pair.Key.TextStart, pair.Key.TextCount).sum().ToDouble())
                .ShouldBeGreaterThan(0.01);
        }

        flow.TextToImage().ShouldHaveSingleItem().sum().ToDouble().ShouldBeGreaterThan(0.01);
    }

    private static void CheckFile(CmaClipOptions options)
    {
        using var folder = new TemporaryFolder();
        var configuration = new RunConfiguration
        {
            Model = "cma-clip",
            Options = options,
            Data = new DataConfiguration
            {
                Path = "products.csv",
                ImageColumns = ["image"],
                TextColumns = ["title"],
                TaskColumns = ["category"],
            },
            Training = new TrainingOptions(),
        };
        RunConfigurationFile.Save(configuration, folder["config.yaml"]);
        var read = (CmaClipOptions)RunConfigurationFile.Load(folder["config.yaml"]).Options;
        read.Image.GetType().ShouldBe(options.Image.GetType());
        read.Text.ShouldBe(options.Text);
        RunConfigurationFile.ToText(configuration with { Options = read }).ShouldBe(RunConfigurationFile.ToText(configuration));
    }
}
