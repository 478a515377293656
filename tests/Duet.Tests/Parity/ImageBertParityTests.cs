// ImageBERT in EasyTransfer's form against EasyTransfer.
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

public sealed class ImageBertParityTests
{
    [SkippableFact]
    public void ImageBert_computes_what_EasyTransfer_computes() => ParityCase.ForEach("imagebert", Reproduce);

    private static void Reproduce(ParityCase found)
    {
        var (inputs, expected, config) = (found.Inputs, found.Expected, found.Config.GetProperty("model"));
        var shape = new ImageBertShape(EasyTransferOptions.Read(found.Config), config.GetProperty("patch_feature_size").GetInt32())
        {
            Form = ImageBertForm.EasyTransfer,
            RegionSegments = config.GetProperty("patch_type_vocab_size").GetInt32(),
            MaximumRegions = config.GetProperty("max_patch_position_embeddings").GetInt32(),
        };
        using var network = new ImageBertNetwork(shape);
        EasyTransferNames.ImageBert.Load(network, found.Weights, found.Folder.Name);
        var patches = inputs["image_feature"].reshape(inputs["image_mask"].size(0), inputs["image_mask"].size(1), shape.FeatureWidth);
        var masked = inputs["masked_patch_positions"];
        var words = network.Bert.Embeddings.Forward(inputs["input_ids"], inputs["segment_ids"]);
        var regions = network.EmbedRegions(SequenceRows.Zeroed(patches, masked), boxes: null);
        using var recorder = ForwardRecorder.Begin(network);
        var output = network.Encode(words, inputs["input_mask"], regions, inputs["image_mask"]);
        expected.Hidden("bert.embeddings", words);
        expected.Hidden("bert.image_embeddings", regions);
        expected.HiddenSeries("bert.hidden_", recorder.Hidden());
        expected.Hidden("pooled_output", output.Pooled);
        var unmasked = network.Encode(words, inputs["input_mask"], network.EmbedRegions(patches, boxes: null), inputs["image_mask"]);
        expected.Hidden("predict_mode.nsp_logits", network.MatchLogits(unmasked.Pooled));

        CompareLosses(found, network, output, patches).backward();
        var gradients = ParityGradients.Published(network, EasyTransferNames.ImageBert, found.Weights);
        expected.Gradients(gradients);
        expected.GradientNorms(gradients);
    }

    private static Tensor CompareLosses(ParityCase found, ImageBertNetwork network, BertOutput output, Tensor patches)
    {
        var (inputs, expected) = (found.Inputs, found.Expected);
        var textLength = inputs["input_ids"].size(1);
        var words = network.WordLogits(SequenceRows.Gathered(output.Hidden, inputs["masked_lm_positions"]));
        var match = network.MatchLogits(output.Pooled);
        var states = output.Hidden.narrow(1, textLength, output.Hidden.size(1) - textLength);
        var features = network.FeatureLogits(SequenceRows.Gathered(states, inputs["masked_patch_positions"]));
        var targets = SequenceRows.Gathered(patches, inputs["masked_patch_positions"]);
        expected.Hidden("mlm_logits", words);
        expected.Hidden("nsp_logits", match);
        expected.Hidden("mpm_logits", features);
        expected.Hidden("mpm_target_rows", targets);
        var wordLoss = PretrainingLosses.MaskedLanguage(words, inputs["masked_lm_ids"].flatten(), inputs["masked_lm_weights"].flatten());
        var matchLoss = Functional.CrossEntropy(match, inputs["nx_sent_labels"].flatten());
        var patchLoss = PretrainingLosses.FeatureDivergence(features, targets);
        expected.Loss("loss.masked_lm", wordLoss);
        expected.Loss("loss.next_sentence", matchLoss);
        expected.Loss("loss.patch_kld", patchLoss);
        expected.Loss("loss.patch_mse_of_log_softmax", PretrainingLosses.LogSoftmaxSquaredError(features, targets));
        var total = wordLoss + matchLoss + patchLoss;
        expected.Loss("loss.total_with_kld", total);
        return total;
    }
}
