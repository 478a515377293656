// What every system of the registry promises; a new system is tested by being registered.
using Duet.Data;
using Duet.Models;
using Duet.Runs;
using Duet.Torch;
using Duet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Models;

[Collection(RandomNumbersCollection.Name)]
public sealed class ContractTests
{
    private const int Products = 10;

    public static TheoryData<string> Registered => [.. ModelRegistry.All.Select(descriptor => descriptor.Name)];

    public static TheoryData<string> Systems =>
        [.. ModelRegistry.All.Select(descriptor => descriptor.Name), ContractModel.Glami, .. ContractModel.TowerPairs];

    public static TheoryData<string, string> Presets
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var descriptor in ModelRegistry.All)
            {
                foreach (var preset in descriptor.Presets.Keys)
                {
                    data.Add(descriptor.Name, preset);
                }
            }

            return data;
        }
    }

    [Fact]
    public void Every_name_is_registered_once() => ModelRegistry.All.Select(descriptor => descriptor.Name).ShouldBeUnique();

    [Theory]
    [MemberData(nameof(Registered))]
    public void Has_the_presets_everyone_has(string name)
    {
        ModelRegistry.Find(name).Presets.Keys.ShouldContain("tiny");
        ModelRegistry.Find(name).Presets.Keys.ShouldContain("small");
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Settings_are_valid_and_survive_the_configuration_file(string name, string preset)
    {
        var options = ModelRegistry.Find(name).Preset(preset);
        options.Validate();

        var configuration = new RunConfiguration
        {
            Model = name,
            Preset = preset,
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
        using var folder = new Data.TemporaryFolder();
        var (first, second) = (folder["first.yaml"], folder["second.yaml"]);
        RunConfigurationFile.Save(configuration, first);
        RunConfigurationFile.Save(RunConfigurationFile.Load(first), second);
        File.ReadAllText(second).ShouldBe(File.ReadAllText(first));
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Answers_every_task_in_the_promised_shapes(string name)
    {
        using var scope = NewDisposeScope();
        using var model = ContractModel.Create(name);
        using var recording = no_grad();
        var output = model.Forward(ContractBatches.Make(model.Options, Products, seed: 2));

        output.Logits.Count.ShouldBe(model.Context.Tasks.Count);
        for (var task = 0; task < output.Logits.Count; task++)
        {
            output.Logits[task].shape.ShouldBe([Products, model.Context.Tasks[task].Classes.Count]);
            output.Logits[task].dtype.ShouldBe(ScalarType.Float32);
            output.Logits[task].isfinite().all().ToBoolean().ShouldBeTrue();
        }

        foreach (var embedding in new[] { output.ImageEmbedding, output.TextEmbedding, output.JointEmbedding }.OfType<Tensor>())
        {
            embedding.dim().ShouldBe(2);
            embedding.size(0).ShouldBe(Products);
            embedding.isfinite().all().ToBoolean().ShouldBeTrue();
        }

        output.JointEmbedding.ShouldNotBeNull();
        CheckShares(output, model.Context.Tasks.Count);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Gives_every_parameter_a_finite_gradient(string name)
    {
        using var scope = NewDisposeScope();
        using var model = ContractModel.Create(name);
        var batch = ContractBatches.Make(model.Options, 16, seed: 3);
        model.train();
        ContractModel.WholeLoss(model, batch).backward();
        var trainable = model.NamedParameters().Where(parameter => parameter.Value.requires_grad).ToList();
        trainable.ShouldNotBeEmpty();
        trainable
            .Where(parameter => parameter.Value.grad is null)
            .Select(parameter => parameter.Key)
            .ShouldBeEmpty("these got no gradient");
        trainable
            .Where(parameter => parameter.Value.grad is { } gradient && !gradient.isfinite().all().ToBoolean())
            .Select(parameter => parameter.Key)
            .ShouldBeEmpty("these got an infinite one");
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Learns_32_products_by_heart(string name)
    {
        using var scope = NewDisposeScope();
        using var model = ContractModel.Create(name);
        var batch = ContractBatches.Make(model.Options, 32, seed: 4, gaps: false);
        ContractModel.Learn(model, batch, goal: 0.05, mostSteps: 400).ShouldBeLessThan(0.05);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Is_the_same_after_saving_and_loading(string name)
    {
        using var scope = NewDisposeScope();
        using var folder = new Data.TemporaryFolder();
        using var saved = ContractModel.Create(name, seed: 1);
        using var loaded = ContractModel.Create(name, seed: 2);
        var batch = ContractBatches.Make(saved.Options, Products, seed: 5);

        // A few steps first: batch statistics and everything else that is no start value must travel too.
        ContractModel.Learn(saved, batch, goal: 0, mostSteps: 3);
        var file = folder["model.safetensors"];
        StateFile.Save(file, saved.NamedState());
        ShouldDiffer(ContractModel.Logits(saved, batch), ContractModel.Logits(loaded, batch));
        StateFile.Load(file, loaded);
        ShouldBeIdentical(ContractModel.Logits(saved, batch), ContractModel.Logits(loaded, batch));
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Sees_nothing_of_a_missing_picture_or_text(string name)
    {
        using var scope = NewDisposeScope();
        using var model = ContractModel.Create(name);
        var batch = ContractBatches.Make(model.Options, Products, seed: 6);
        ShouldBeClose(
            ContractModel.Logits(model, batch),
            ContractModel.Logits(model, ContractBatches.Spoil(batch, model.Options, seed: 7)),
            1e-5
        );
    }

    // Batch statistics are where a blank picture would come in.
    [Theory]
    [MemberData(nameof(Systems))]
    public void Learns_nothing_from_a_missing_picture_or_text(string name)
    {
        using var scope = NewDisposeScope();
        var logits = new[] { false, true }
            .Select(spoilt =>
            {
                using var model = ContractModel.Create(name, seed: 16);
                var batch = ContractBatches.Make(model.Options, Products, seed: 17);
                ContractModel.Learn(model, spoilt ? ContractBatches.Spoil(batch, model.Options, seed: 18) : batch, goal: 0, mostSteps: 2);
                return ContractModel.Logits(model, batch);
            })
            .ToArray();
        ShouldBeClose(logits[1], logits[0], 1e-4);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Answers_without_picture_or_without_text(string name)
    {
        using var scope = NewDisposeScope();
        using var model = ContractModel.Create(name);
        var batch = ContractBatches.Make(model.Options, Products, seed: 8, gaps: false);
        foreach (var only in new[] { InputModalities.Image, InputModalities.Text })
        {
            using var recording = no_grad();
            var output = model.Forward(batch.Restrict(only));
            output.Logits.ShouldAllBe(logits => logits.isfinite().all().ToBoolean());
            CheckShares(output, model.Context.Tasks.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Answers_for_a_product_whatever_stands_beside_it(string name)
    {
        using var scope = NewDisposeScope();
        using var model = ContractModel.Create(name);
        var batch = ContractBatches.Make(model.Options, Products, seed: 9);
        var together = ContractModel.Logits(model, batch);
        for (var row = 0; row < Products; row++)
        {
            using var one = NewDisposeScope();
            ShouldBeClose(ContractModel.Logits(model, batch.Select(Tensors.From([(long)row], 1))), together.narrow(0, row, 1), 2e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Does_not_depend_on_how_far_texts_are_padded(string name)
    {
        using var scope = NewDisposeScope();
        using var model = ContractModel.Create(name);
        var batch = ContractBatches.Make(model.Options, Products, seed: 10);
        var longest = batch.TokenMask.to(ScalarType.Int64).sum(1).max().ToInt64Array()[0];
        var padding = Math.Max(0, Math.Min(model.Options.ContextLength, batch.TokenIds.size(1) + 4) - batch.TokenIds.size(1));
        var cut = batch with { TokenIds = batch.TokenIds.narrow(1, 0, longest), TokenMask = batch.TokenMask.narrow(1, 0, longest) };
        var padded = batch with
        {
            TokenIds = cat([batch.TokenIds, zeros([Products, padding], dtype: ScalarType.Int64)], 1),
            TokenMask = cat([batch.TokenMask, zeros([Products, padding], dtype: ScalarType.Bool)], 1),
        };
        ShouldBeClose(ContractModel.Logits(model, cut), ContractModel.Logits(model, padded), 2e-5);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Is_the_same_for_the_same_seed(string name)
    {
        using var scope = NewDisposeScope();
        var runs = Enumerable
            .Range(0, 2)
            .Select(_ =>
            {
                using var model = ContractModel.Create(name, seed: 11);
                var batch = ContractBatches.Make(model.Options, Products, seed: 12);
                ContractModel.Learn(model, batch, goal: 0, mostSteps: 3);
                return (First: ContractModel.Logits(model, batch), Second: ContractModel.Logits(model, batch));
            })
            .ToArray();
        ShouldBeIdentical(runs[0].First, runs[0].Second);
        ShouldBeIdentical(runs[0].First, runs[1].First);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Is_nearly_the_same_in_bfloat16(string name)
    {
        using var scope = NewDisposeScope();
        using var model = ContractModel.Create(name);
        var batch = ContractBatches.Make(model.Options, Products, seed: 13);
        var full = ContractModel.Logits(model, batch);
        using (new Autocast(CPU, ScalarType.BFloat16))
        {
            // Eight bits of mantissa are 0.4 % per operation; a few per cent after some layers.
            ShouldBeClose(ContractModel.Logits(model, batch), full, 0.05);
        }

        using (new Autocast(CPU, ScalarType.BFloat16))
        {
            model.train();
            ContractModel.WholeLoss(model, batch).backward();
        }

        model
            .NamedParameters()
            .Where(parameter => parameter.Value.grad is { } gradient && !gradient.isfinite().all().ToBoolean())
            .Select(parameter => parameter.Key)
            .ShouldBeEmpty("these got an infinite gradient");
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Leaves_no_tensor_behind(string name)
    {
        using var model = ContractModel.Create(name);
        Step(model); // what is cached is made now
        var before = Tensor.TotalCount;
        Step(model);
        Tensor.TotalCount.ShouldBeLessThanOrEqualTo(before);

        static void Step(ProductModel model)
        {
            using var scope = NewDisposeScope();
            model.train();
            model.zero_grad();
            ContractModel.WholeLoss(model, ContractBatches.Make(model.Options, 4, seed: 14)).backward();
        }
    }

    private static void CheckShares(ModelOutput output, int tasks)
    {
        if (output.ModalityShares is not { } shares)
        {
            return;
        }

        shares.Count.ShouldBe(tasks);
        foreach (var share in shares)
        {
            share.shape.ShouldBe([Products, 2]);
            share.amin([0]).amin([0]).ToDouble().ShouldBeGreaterThanOrEqualTo(0);
            share.sum(1).ToArray().ShouldAllBe(sum => Math.Abs(sum - 1) < 1e-5);
        }
    }

    private static void ShouldBeIdentical(Tensor actual, Tensor expected) => actual.ToArray().ShouldBe(expected.ToArray());

    private static void ShouldDiffer(Tensor actual, Tensor other) => (actual - other).abs().max().ToDouble().ShouldBeGreaterThan(1e-6);

    // Within a part of the largest logit, or of 0.2 where all logits are smaller still.
    private static void ShouldBeClose(Tensor actual, Tensor expected, double tolerance) =>
        (actual - expected).abs().max().ToDouble().ShouldBeLessThanOrEqualTo(tolerance * Math.Max(0.2, expected.abs().max().ToDouble()));
}
