// BERT with both pre-training heads against Hugging Face's.
using Duet.Models.Encoders;
using Duet.Models.Heads;
using Duet.Models.Pretrained;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Parity;

public sealed class BertParityTests
{
    private const long IgnoredLabel = -100;

    [SkippableFact]
    public void Bert_computes_what_Hugging_Face_computes() => ParityCase.ForEach("bert", Reproduce);

    private static void Reproduce(ParityCase found)
    {
        var (inputs, expected) = (found.Inputs, found.Expected);
        using var model = new BertPretraining(BertConfiguration.Read(found.Config.Block("bert")));
        BertNames.Pretraining.Load(model, found.Weights, found.Folder.Name);
        using var recorder = ForwardRecorder.Begin(model.Bert);
        var (tokens, mask, segments) = (inputs["input_ids"], inputs["attention_mask"], inputs["token_type_ids"]);
        var output = model.Bert.Forward(tokens, mask, segments);
        expected.Hidden("embedding_output", model.Bert.Embeddings.Forward(tokens, segments));
        expected.HiddenSeries("hidden_", recorder.Hidden());
        expected.AttentionSeries("attention_probs_", recorder.Attention());
        expected.Hidden("pooler_output", output.Pooled);
        expected.Hidden("mlm_transform", model.Words.Transform(output.Hidden));
        expected.Hidden("no_mask_no_type.last_hidden_state", model.Bert.Forward(tokens).Hidden);

        var words = model.WordLogits(output.Hidden);
        var next = model.NextLogits(output.Pooled);
        expected.Hidden("mlm_logits", words);
        expected.Hidden("nsp_logits", next);
        var wordLoss = Functional.CrossEntropy(words.flatten(0, 1), inputs["mlm_labels"].flatten(), IgnoredLabel);
        var nextLoss = Functional.CrossEntropy(next, inputs["nsp_labels"], IgnoredLabel);
        expected.Loss("mlm_loss", wordLoss);
        expected.Loss("nsp_loss", nextLoss);
        var loss = wordLoss + nextLoss;
        expected.Loss("total_loss", loss);
        loss.backward();
        var gradients = ParityGradients.Published(model, BertNames.Pretraining, found.Weights);
        expected.Gradients(gradients);
        expected.GradientNorms(gradients);
    }
}
