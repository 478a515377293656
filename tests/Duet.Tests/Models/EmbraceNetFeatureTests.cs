// EmbraceNet with feature columns as modalities, and the systems that take none.
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Runs;
using Duet.Text;
using Duet.Torch;
using Duet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Models;

[Collection(RandomNumbersCollection.Name)]
public sealed class EmbraceNetFeatureTests
{
    [Fact]
    public void A_feature_is_a_docked_modality_that_counts()
    {
        using var scope = NewDisposeScope();
        using var model = ContractModel.Create(ContractModel.Glami);
        model.NamedParameters().ToDictionary()["fusion.docking.2.weight"].shape.ShouldBe([64, 3]);
        var batch = ContractBatches.Make(model.Options, 6, seed: 3);
        var other = batch with { Features = zeros([6, 1], dtype: ScalarType.Int64) };
        var (first, second) = (ContractModel.Logits(model, batch), ContractModel.Logits(model, other));
        for (var row = 0; row < 6; row++)
        {
            var difference = (first.select(0, row) - second.select(0, row)).abs().max().ToDouble();
            (difference > 1e-6).ShouldBe(row % 3 != 0, $"row {row} had the unknown value before: {row % 3 == 0}");
        }

        Should.Throw<ArgumentException>(() => model.Forward(batch with { Features = null })).Message.ShouldContain("source");
    }

    [Fact]
    public void Selection_probabilities_reach_to_the_features()
    {
        using var scope = NewDisposeScope();
        var context = ContractBatches.Context with { Features = ContractBatches.Features };
        var options = (EmbraceNetOptions)EmbraceNet.Descriptor.Preset("tiny");
        using var model = new EmbraceNet(options with { SelectionProbabilities = [0, 0, 1] }, context);
        model.eval();
        var batch = ContractBatches.Make(options, 4, seed: 5, gaps: false);
        var spoilt = batch with { Pixels = batch.Pixels * 3 };
        ContractModel.Logits(model, batch).ToArray().ShouldBe(ContractModel.Logits(model, spoilt).ToArray());
        Should
            .Throw<OptionException>(() => new EmbraceNet(options with { SelectionProbabilities = [1, 1, 1, 1] }, context))
            .Message.ShouldContain("selection_probabilities");
    }

    [Fact]
    public void The_frozen_tower_stays_as_it_is()
    {
        using var scope = NewDisposeScope();
        var options = (EmbraceNetOptions)EmbraceNet.Descriptor.Preset("tiny") with
        {
            TextEncoder = EmbraceTextEncoder.T5,
            T5 = T5Options.Tiny with { Dropout = 0.5 },
            TextPooling = EmbraceTextPooling.Flatten,
            FreezeText = true,
        };
        using var model = new EmbraceNet(options, ContractBatches.Context);
        var before = model.NamedParameters().ToDictionary()["text.resblocks.0.attn.q.weight"].ToArray();
        ContractModel.Learn(model, ContractBatches.Make(options, 8, seed: 4), goal: 0, mostSteps: 2);
        model.NamedParameters().ToDictionary()["text.resblocks.0.attn.q.weight"].ToArray().ShouldBe(before);
        model
            .NamedParameters()
            .Where(parameter => parameter.Value.requires_grad)
            .ShouldAllBe(parameter => !parameter.Key.StartsWith("text.", StringComparison.Ordinal));
    }

    [Fact]
    public void The_published_preset_has_the_published_shape()
    {
        var options = (EmbraceNetOptions)EmbraceNet.Descriptor.Preset("glami-1m");
        (options.TextEncoder, options.TextPooling, options.FreezeText, options.ContextLength, options.Tokenizer).ShouldBe(
            (EmbraceTextEncoder.T5, EmbraceTextPooling.Flatten, true, 32, Unigram.T5KindName)
        );
        (options.T5.Width, options.T5.Layers, options.T5.Heads, options.T5.HeadWidth, options.T5.MlpWidth, options.T5.Gated).ShouldBe(
            (512, 8, 6, 64, 1024, true)
        );
        (options.ContextLength * options.T5.Width, options.EmbracementSize, options.ModalityDropout).ShouldBe((16_384, 512, 0));
        Should
            .Throw<OptionException>((options with { TextPooling = EmbraceTextPooling.FirstToken }).Validate)
            .Message.ShouldContain("text_pooling");
    }

    [Fact]
    public void Other_systems_refuse_features_and_name_those_that_take_them()
    {
        var context = ContractBatches.Context with { Features = ContractBatches.Features };
        foreach (var descriptor in ModelRegistry.All.Where(descriptor => !descriptor.TakesFeatures))
        {
            Should.Throw<OptionException>(() => descriptor.Create(descriptor.Preset("tiny"), context)).Message.ShouldContain("source");
            var configuration = new RunConfiguration
            {
                Model = descriptor.Name,
                Options = descriptor.Preset("tiny"),
                Data = new DataConfiguration
                {
                    Path = "t.csv",
                    TextColumns = ["title"],
                    FeatureColumns = ["source"],
                },
                Training = new TrainingOptions(),
            };
            var message = Should.Throw<OptionException>(configuration.Validate).Message;
            message.ShouldContain("source");
            message.ShouldContain("embracenet");
        }
    }
}
