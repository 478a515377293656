// Who decays, and who learns how fast.
using Duet.Data;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Torch.Optimisers;
using Duet.Training;

namespace Duet.Tests.Training;

[Collection(TrainingCollection.Name)]
public sealed class ParameterGroupsTests
{
    private static readonly ModelContext Context = new([new("color", "color", TaskKind.SingleLabel, ["red", "blue"])], 50, 0, 1, -1);

    private static readonly CmaClipOptions Options = TrainingCatalogue.Micro with
    {
        Image = (VisionTransformerOptions)TrainingCatalogue.Micro.Image with { Layers = 3 },
        Text = (TextTransformerOptions)TrainingCatalogue.Micro.Text with { Layers = 2 },
    };

    [Fact]
    public void Every_parameter_stands_in_exactly_one_group()
    {
        using var model = new CmaClip(Options, Context);
        using var loss = new MultiTaskLoss(Context.Tasks, LossBalancing.Uncertainty, 0);
        var groups = ParameterGroups.Of(model, loss, new TrainingOptions { LayerDecay = 0.7 });
        groups
            .SelectMany(group => group.Parameters)
            .Select(parameter => parameter.Key)
            .Order(StringComparer.Ordinal)
            .ShouldBe(
                model
                    .NamedParameters()
                    .Select(parameter => $"model.{parameter.Key}")
                    .Append("loss.log_variances")
                    .Order(StringComparer.Ordinal)
            );
    }

    [Theory]
    [InlineData("model.visual.transformer.resblocks.0.attn.in_proj_weight", true)]
    [InlineData("model.visual.stem.convolutions.0.weight", true)]
    [InlineData("model.visual.proj", true)]
    [InlineData("model.text.text_projection", true)]
    [InlineData("model.fusion.resblocks.0.mlp.c_fc.weight", true)]
    [InlineData("model.heads.0.output.weight", true)]
    [InlineData("model.visual.stem.norms.0.weight", false)]
    [InlineData("model.visual.class_embedding", false)]
    [InlineData("model.visual.positional_embedding", false)]
    [InlineData("model.text.token_embedding.weight", false)]
    [InlineData("model.text.ln_final.weight", false)]
    [InlineData("model.modality_embedding", false)]
    [InlineData("model.modality_attention.0.image", false)]
    [InlineData("model.fusion.resblocks.0.mlp.c_fc.bias", false)]
    [InlineData("model.contrastive.logit_scale", false)]
    [InlineData("loss.log_variances", false)]
    public void Only_matrices_decay(string parameter, bool decays) =>
        GroupOf(parameter, new TrainingOptions { WeightDecay = 0.2 }).WeightDecay.ShouldBe(decays ? 0.2 : 0);

    [Theory]
    [InlineData("model.heads.0.output.weight", 4)]
    [InlineData("model.fusion.resblocks.0.mlp.c_fc.weight", 4)]
    [InlineData("model.visual.proj", 4)]
    [InlineData("model.visual.transformer.resblocks.2.mlp.c_fc.weight", 3)]
    [InlineData("model.visual.transformer.resblocks.0.mlp.c_fc.weight", 1)]
    [InlineData("model.text.transformer.resblocks.1.mlp.c_fc.weight", 2)]
    [InlineData("model.visual.stem.convolutions.0.weight", 0)]
    [InlineData("model.visual.ln_pre.weight", 0)]
    [InlineData("model.text.token_embedding.weight", 0)]
    public void Lower_layers_learn_more_slowly(string parameter, int layer)
    {
        GroupOf(parameter, new TrainingOptions { LayerDecay = 0.5 }).LearningRateScale.ShouldBe(Math.Pow(0.5, 4 - layer), 1e-12);
        GroupOf(parameter, new TrainingOptions()).LearningRateScale.ShouldBe(1);
    }

    [Theory]
    [InlineData("model.visual.proj", 0.1)]
    [InlineData("model.text.token_embedding.weight", 0.1)]
    [InlineData("model.fusion.resblocks.0.mlp.c_fc.weight", 1)]
    [InlineData("model.contrastive.logit_scale", 1)]
    [InlineData("loss.log_variances", 1)]
    public void Towers_may_learn_more_slowly(string parameter, double scale) =>
        GroupOf(parameter, new TrainingOptions { BackboneLearningRateScale = 0.1 }).LearningRateScale.ShouldBe(scale);

    private static ParameterGroup GroupOf(string parameter, TrainingOptions recipe)
    {
        using var model = new CmaClip(Options, Context);
        using var loss = new MultiTaskLoss(Context.Tasks, LossBalancing.Uncertainty, 0);
        return ParameterGroups.Of(model, loss, recipe).Single(group => group.Parameters.Any(own => own.Key == parameter));
    }
}
