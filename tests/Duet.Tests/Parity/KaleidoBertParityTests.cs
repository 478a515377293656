// Kaleido-BERT against its published code.
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Models.Heads;
using Duet.Models.Pretrained;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Parity;

public sealed class KaleidoBertParityTests
{
    // The published names of the levels' tensors: in the inputs, in the embeddings.
    private static readonly (string Input, string Embedding)[] Levels =
    [
        ("rotation", "rotation"),
        ("jigsaw", "jigsaw"),
        ("camouflage", "camouflage"),
        ("greymask", "greymask"),
        ("blankmask", "blank"),
    ];

    [SkippableFact]
    public void KaleidoBert_computes_what_the_published_code_computes() => ParityCase.ForEach("kaleido-bert", Reproduce);

    private static void Reproduce(ParityCase found)
    {
        var (inputs, expected) = (found.Inputs, found.Expected);
        var shape = Shape(found);
        using var network = new KaleidoNetwork(shape);
        EasyTransferNames.KaleidoBert.Load(network, found.Weights, found.Folder.Name);
        var patches = Levels
            .Select((level, k) => inputs[$"img_feature_{level.Input}"].reshape(-1, shape.Patches[k], shape.FeatureWidth))
            .ToArray();
        var places = Levels.Select((level, k) => inputs[$"img_position_{level.Input}"].reshape(-1, shape.Patches[k], 5)).ToArray();
        var words = network.Bert.Embeddings.Forward(inputs["input_ids"], inputs["segment_ids"]);
        expected.Hidden("bert.embeddings", words);

        var shown = patches.ToArray();
        shown[(int)KaleidoLevel.Blank] = SequenceRows.Zeroed(patches[(int)KaleidoLevel.Blank], inputs["img_blank_lm_ids"]);
        var embedded = shown.Select((features, k) => network.Embed((KaleidoLevel)k, features, places[k])).ToArray();
        for (var k = 0; k < embedded.Length; k++)
        {
            expected.Hidden($"bert.{Levels[k].Embedding}_embeddings", embedded[k]);
        }

        using var recorder = ForwardRecorder.Begin(network);
        var output = network.Encode(words, inputs["input_mask"], embedded, imagePresent: null);
        expected.HiddenSeries("bert.hidden_", recorder.Hidden());
        expected.Hidden("pooled_output", output.Pooled);
        var unmasked = patches.Select((features, k) => network.Embed((KaleidoLevel)k, features, places[k])).ToArray();
        var predicted = network.Encode(words, inputs["input_mask"], unmasked);
        expected.Hidden("predict_mode.nsp_logits", network.MatchLogits(predicted.Pooled));
        expected.Hidden("predict_mode.blankmask_logits", network.BlankLogits(predicted.Hidden, inputs["img_blank_lm_ids"]));

        CompareLosses(found, network, output, patches).backward();
        var gradients = ParityGradients.Published(network, EasyTransferNames.KaleidoBert, found.Weights);
        expected.Gradients(gradients);
        expected.GradientNorms(gradients);
    }

    private static KaleidoShape Shape(ParityCase found)
    {
        var config = found.Config.GetProperty("model");
        return new(EasyTransferOptions.Read(found.Config), config.GetProperty("patch_feature_size").GetInt32())
        {
            Patches = [.. Levels.Select(level => config.GetProperty($"img_{level.Input}_seq_len").GetInt32())],
            PatchSegments = config.GetProperty("patch_type_vocab_size").GetInt32(),
            RotationClasses = config.GetProperty("img_rotation_label_num").GetInt32(),
            JigsawClasses = config.GetProperty("img_jigsaw_label_num").GetInt32(),
            CamouflageClasses = config.GetProperty("img_camouflage_label_num").GetInt32(),
        };
    }

    private static Tensor CompareLosses(ParityCase found, KaleidoNetwork network, BertOutput output, Tensor[] patches)
    {
        var (inputs, expected) = (found.Inputs, found.Expected);
        var words = network.WordLogits(SequenceRows.Gathered(output.Hidden, inputs["masked_lm_positions"]));
        expected.Hidden("mlm_logits", words);
        var wordLoss = PretrainingLosses.MaskedLanguage(words, inputs["masked_lm_ids"].flatten(), inputs["masked_lm_weights"].flatten());
        expected.Loss("loss.masked_lm", wordLoss);
        var total =
            wordLoss
            + Classes("nsp", "next_sentence", network.MatchLogits(output.Pooled), inputs["nx_sent_labels"])
            + Classes("rotation", "rotation", network.RotationLogits(output.Hidden), inputs["img_rotation_gt"])
            + Classes("jigsaw", "jigsaw", network.JigsawLogits(output.Hidden), inputs["img_jigsaw_gt"])
            + Classes("camouflage", "camouflage", network.CamouflageLogits(output.Hidden), inputs["img_camouflage_gt"])
            + CompareGrey(found, network, output, patches[(int)KaleidoLevel.Grey])
            + CompareBlank(found, network, output, patches[(int)KaleidoLevel.Blank]);
        expected.Loss("loss.total", total);
        return total;

        Tensor Classes(string logitsName, string lossName, Tensor logits, Tensor labels)
        {
            expected.Hidden($"{logitsName}_logits", logits);
            var loss = Functional.CrossEntropy(logits, labels.flatten());
            expected.Loss($"loss.{lossName}", loss);
            return loss;
        }
    }

    private static Tensor CompareGrey(ParityCase found, KaleidoNetwork network, BertOutput output, Tensor patches)
    {
        var (inputs, expected) = (found.Inputs, found.Expected);
        var logits = network.GreyLogits(output.Hidden, inputs["img_grey_lm_ids"]);
        var target = inputs["img_grey_mask_gt"];
        expected.Hidden("greymask_logits", logits);
        expected.Hidden("greymask_target_rows", SequenceRows.Gathered(patches, inputs["img_grey_lm_ids"]));
        expected.Loss(
            "loss.greymask_per_patch_target",
            PretrainingLosses.FeatureDivergence(logits, target.reshape(logits.size(0), logits.size(1)))
        );
        var flat = PretrainingLosses.FlatFeatureDivergence(logits, target);
        expected.Loss("loss.greymask_flat_target", flat);
        return flat;
    }

    private static Tensor CompareBlank(ParityCase found, KaleidoNetwork network, BertOutput output, Tensor patches)
    {
        var (inputs, expected) = (found.Inputs, found.Expected);
        var logits = network.BlankLogits(output.Hidden, inputs["img_blank_lm_ids"]);
        var targets = SequenceRows.Gathered(patches, inputs["img_blank_lm_ids"]);
        expected.Hidden("blankmask_logits", logits);
        expected.Hidden("blankmask_target_rows", targets);
        var loss = PretrainingLosses.FeatureDivergence(logits, targets);
        expected.Loss("loss.blankmask", loss);
        return loss;
    }
}
