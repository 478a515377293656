// One registered system in its tiny size, as the contract tests use it.
using Duet.Data;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Optimisers;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Models;

/// <summary>Builds a system from the registry and computes what the contract speaks of.</summary>
internal static class ContractModel
{
    public const string Preset = "tiny";

    /// <summary>GLAMI-1M's arrangement in small: EmbraceNet with T5 and a feature column.</summary>
    public const string Glami = "embracenet as for GLAMI-1M";

    /// <summary>CMA-CLIP with other towers than CLIP's; <c>TowerPairTests</c> has all pairs.</summary>
    public static string[] TowerPairs { get; } =
    [
        "cma-clip with resnet and bert",
        "cma-clip with vit and t5",
        "cma-clip with clip-resnet and clip",
        "cma-clip with resnet and clip",
        "clip with resnet and bert",
        "clip with vit and t5",
    ];

    /// <summary>The system in its tiny preset, in evaluation mode.</summary>
    public static ProductModel Create(string name, ulong seed = 1)
    {
        TorchRuntime.Seed(seed);
        if (string.Equals(name, Glami, StringComparison.Ordinal))
        {
            var options = (EmbraceNetOptions)EmbraceNet.Descriptor.Preset(Preset) with
            {
                TextEncoder = EmbraceTextEncoder.T5,
                T5 = T5Options.Tiny,
                TextPooling = EmbraceTextPooling.Flatten,
            };
            return EmbraceNet.Descriptor.Create(
                options,
                ContractBatches.Context with
                {
                    Features = ContractBatches.Features,
                    StartId = -1,
                }
            );
        }

        if (name.Split(' ') is [var system, "with", var picture, "and", var text])
        {
            return ModelRegistry
                .Find(system)
                .Create(
                    string.Equals(system, "clip", StringComparison.Ordinal) ? ClipWithTowers(picture, text) : WithTowers(picture, text),
                    ContractBatches.Context
                );
        }

        var descriptor = ModelRegistry.Find(name);
        return descriptor.Create(descriptor.Preset(Preset), ContractBatches.Context);
    }

    /// <summary>CMA-CLIP's tiny preset with other towers, in a picture size that fits all of them.</summary>
    public static CmaClipOptions WithTowers(string picture, string text)
    {
        var options = (CmaClipOptions)CmaClip.Descriptor.Preset(Preset);
        return options with
        {
            ImageSize = 64,
            Image = (PictureTowerOptions)TowerChoice.Pictures.Switch(options.Image, picture),
            Text = (TextTowerOptions)TowerChoice.Texts.Switch(options.Text, text),
        };
    }

    /// <summary>CLIP's tiny preset with other towers.</summary>
    public static ClipOptions ClipWithTowers(string picture, string text)
    {
        var options = (ClipOptions)Clip.Descriptor.Preset(Preset);
        return options with
        {
            ImageSize = 64,
            Image = (PictureTowerOptions)TowerChoice.Pictures.Switch(options.Image, picture),
            Text = (TextTowerOptions)TowerChoice.Texts.Switch(options.Text, text),
        };
    }

    /// <summary>All logits side by side, <c>[B, classes of all tasks]</c>.</summary>
    public static Tensor Logits(ProductModel model, Batch batch)
    {
        using var recording = no_grad();
        return cat([.. model.Forward(batch).Logits], 1);
    }

    /// <summary>The sum of the tasks' losses, missing labels left out, without auxiliary losses: <c>[]</c>.</summary>
    public static Tensor TaskLoss(ModelOutput output, Batch batch)
    {
        var total = full([], 0, dtype: ScalarType.Float32);
        for (var task = 0; task < output.Logits.Count; task++)
        {
            total +=
                ContractBatches.Context.Tasks[task].Kind == TaskKind.SingleLabel
                    ? Functional.CrossEntropy(output.Logits[task], batch.Labels[task])
                    : MultiLabelLoss(output.Logits[task], batch.Labels[task]);
        }

        return total;
    }

    /// <summary>Everything the system may be trained on: tasks, auxiliary loss, pre-training.</summary>
    public static Tensor WholeLoss(ProductModel model, Batch batch)
    {
        var output = model.Forward(batch);
        var loss = TaskLoss(output, batch);
        loss = output.AuxiliaryLoss is { } auxiliary ? loss + auxiliary : loss;
        return model.CanPretrain ? loss + model.PretrainingLoss(batch) : loss;
    }

    /// <summary>Trains until the batch's loss in evaluation mode is below a goal.</summary>
    /// <returns>The last loss in evaluation mode.</returns>
    public static double Learn(ProductModel model, Batch batch, double goal, int mostSteps)
    {
        using var optimiser = new AdamW([
            new ParameterGroup([.. model.NamedParameters().Where(parameter => parameter.Value.requires_grad)], 1, 0),
        ]);
        var reached = double.PositiveInfinity;
        for (var step = 1; step <= mostSteps && !(reached < goal); step++)
        {
            using var scope = NewDisposeScope();
            model.train();
            model.zero_grad();
            var output = model.Forward(batch);
            var loss = TaskLoss(output, batch);
            (output.AuxiliaryLoss is { } auxiliary ? loss + auxiliary : loss).backward();
            optimiser.Step(2e-3 * Math.Min(1, step / 10.0));
            if (step % 10 == 0)
            {
                model.eval();
                using var recording = no_grad();
                reached = TaskLoss(model.Forward(batch), batch).ToDouble();
            }
        }

        model.eval();
        return reached;
    }

    private static Tensor MultiLabelLoss(Tensor logits, Tensor targets)
    {
        var present = targets.ge(0).to(ScalarType.Float32);
        return Functional.BinaryCrossEntropy(logits, targets.clamp(0), present, reduction: nn.Reduction.Sum) / present.sum();
    }
}
