// Contrastive pre-training with towers that stay as it left them: what zero-shot classification is measured on.
using Duet.Inference;
using Duet.Tests.Data;
using Duet.Torch;
using Duet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Training;

[Collection(TrainingCollection.Name)]
public sealed class PretrainingTests(TrainingCatalogue catalogue) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Moves_towers_that_are_frozen_afterwards()
    {
        // Without averaging: an average of equal weights differs from them in the last bit.
        var frozen = TrainingCatalogue.Recipe with
        {
            PretrainEpochs = 2,
            Epochs = 1,
            BackboneLearningRateScale = 0,
            EmaDecay = 0,
        };
        var once = Train(frozen, "once");
        Train(frozen with { Epochs = 2 }, "twice").AsSpan().SequenceEqual(once).ShouldBeTrue();
        Train(frozen with { PretrainEpochs = 1 }, "less").AsSpan().SequenceEqual(once).ShouldBeFalse();
        Train(frozen with { BackboneLearningRateScale = 1 }, "free").AsSpan().SequenceEqual(once).ShouldBeFalse();
    }

    private float[] Train(TrainingOptions recipe, string run)
    {
        TrainingJob.Start(catalogue.Configuration(recipe), _folder[run]).Run(new Recorder()).Finished.ShouldBeTrue();
        using var model = DuetModel.Load(_folder[run], new ModelUseOptions { Threads = 1 });
        var towers = model.Model.NamedParameters().Where(parameter => model.Model.IsBackbone(parameter.Key)).ToList();
        towers.ShouldNotBeEmpty();
        return [.. towers.SelectMany(parameter => parameter.Value.ToArray())];
    }
}
