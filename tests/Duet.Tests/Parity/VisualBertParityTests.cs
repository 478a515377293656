// VisualBERT with all its heads against uclanlp/visualbert.
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

public sealed class VisualBertParityTests
{
    private const int ChoicesPerQuestion = 4;
    private static readonly NameMap Names = VisualBertNames.WithTasks("/");

    [SkippableFact]
    public void VisualBert_computes_what_the_published_code_computes() => ParityCase.ForEach("visualbert", Reproduce);

    private static void Reproduce(ParityCase found)
    {
        var (inputs, expected) = (found.Inputs, found.Expected);
        var options = BertConfiguration.Read(found.Config.Block("bert"), BertOptions.Base());
        using var model = new AllHeads(options, found);
        Names.Load(model, found.Weights, found.Folder.Name);
        var plain = CompareForm(found, model.Network, "plain", types: null, alignment: null);
        var typed = CompareForm(found, model.Network, "typed", inputs["visual_embeddings_type"], alignment: null);
        var aligned = CompareForm(found, model.Network, "aligned", inputs["visual_embeddings_type"], inputs["image_text_alignment"]);

        // The form each task was recorded with: VCR and pre-training know which words name which region, NLVR2 tells its two pictures apart
        // by type.
        var loss = ComparePretraining(found, model, aligned);
        CompareMultipleChoice(found, model, aligned);
        ComparePairs(found, model, typed);
        CompareAnswers(found, model, plain);
        CompareGrounding(found, model, typed);
        loss.backward();
        var gradients = ParityGradients.Published(model, Names, found.Weights);
        expected.Gradients(gradients);
        expected.GradientNorms(gradients);
    }

    private static BertOutput CompareForm(ParityCase found, VisualBertNetwork network, string form, Tensor? types, Tensor? alignment)
    {
        var (inputs, expected) = (found.Inputs, found.Expected);
        using var recorder = ForwardRecorder.Begin(network);
        var embeddings = network.Embed(inputs["input_ids"], inputs["token_type_ids"], inputs["visual_embeddings"], types, alignment);
        var output = network.Encode(embeddings, inputs["input_mask"], inputs["image_mask"]);
        expected.Hidden($"{form}.embedding_output", embeddings);
        expected.Hidden($"{form}.pooled", output.Pooled);
        var (hidden, attention) = (recorder.Hidden(), recorder.Attention());
        for (var layer = 0; layer < hidden.Count; layer++)
        {
            // Not every form was recorded layer by layer.
            CompareRecorded(expected.Hidden, $"{form}.hidden_{layer + 1}", hidden[layer]);
            CompareRecorded(expected.Attention, $"{form}.attention_probs_{layer + 1}", attention[layer]);
        }

        return output;

        void CompareRecorded(Action<string, Tensor> compare, string name, Tensor actual)
        {
            if (expected.Has(name))
            {
                compare(name, actual);
            }
        }
    }

    private static Tensor ComparePretraining(ParityCase found, AllHeads model, BertOutput output)
    {
        var (inputs, expected) = (found.Inputs, found.Expected);
        var words = model.Words.Forward(output.Hidden, model.Network.Bert.Embeddings.WordTable);
        var next = model.Next.Forward(output.Pooled);
        var textLength = inputs["input_ids"].size(1);
        var wordLoss = Functional.CrossEntropy(words.narrow(1, 0, textLength).flatten(0, 1), inputs["masked_lm_labels"].flatten());
        var nextLoss = Functional.CrossEntropy(next, inputs["is_random_next"]);
        expected.Hidden("pretraining.logits", words);
        expected.Hidden("pretraining.seq_relationship_score", next);
        expected.Loss("pretraining.masked_lm_loss", wordLoss);
        expected.Loss("pretraining.next_sentence_loss", nextLoss);
        expected.Loss("pretraining.loss", wordLoss + nextLoss);
        return wordLoss + nextLoss;
    }

    private static void ComparePairs(ParityCase found, AllHeads model, BertOutput output)
    {
        var (inputs, expected) = (found.Inputs, found.Expected);
        var nlvr = model.Nlvr.Forward(output.Pooled);
        expected.Hidden("nlvr.logits", nlvr);
        expected.Loss("nlvr.loss", Functional.CrossEntropy(nlvr, inputs["nlvr_label"]));
    }

    private static void CompareMultipleChoice(ParityCase found, AllHeads model, BertOutput output)
    {
        var (inputs, expected) = (found.Inputs, found.Expected);
        var choices = model.MultipleChoice.Forward(output.Pooled).reshape(-1, ChoicesPerQuestion);
        expected.Hidden("multichoice.logits", choices);
        expected.Loss("multichoice.loss", Functional.CrossEntropy(choices, inputs["multichoice_label"]));
    }

    private static void CompareAnswers(ParityCase found, AllHeads model, BertOutput output)
    {
        var (inputs, expected) = (found.Inputs, found.Expected);
        var answers = model.Vqa.Forward(VisualBertHeads.AnswerState(output.Hidden, inputs["input_mask"]));
        expected.Hidden("vqa.logits", answers);
        expected.Loss("vqa.loss", VisualBertHeads.SoftLabelDivergence(answers.squeeze(1), inputs["vqa_label"]));
        expected.Loss("vqa.accuracy", VisualBertHeads.AnswerAccuracy(answers.squeeze(1), inputs["vqa_label"]));
    }

    private static void CompareGrounding(ParityCase found, AllHeads model, BertOutput output)
    {
        var (inputs, expected) = (found.Inputs, found.Expected);
        var textLength = inputs["input_ids"].size(1);
        var entities = SequenceRows.At(output.Hidden, inputs["flickr_position"].clamp(0));
        var regions = output.Hidden.narrow(1, textLength, output.Hidden.size(1) - textLength);
        var scores = model.Flickr.Forward(entities, regions, inputs["image_mask"]);

        // Scores of hidden regions lie near -10000: the folder's own exception to the tolerance.
        expected.HiddenWhere("flickr.scores", scores, inputs["image_mask"].ne(0).unsqueeze(1).expand(scores.shape), otherwise: 2e-3);
        expected.Loss("flickr.loss", VisualBertHeads.SoftLabelDivergence(scores, inputs["flickr_label"]));
        expected.Loss("flickr.accuracy", VisualBertHeads.GroundingAccuracy(scores, inputs["flickr_label"], inputs["flickr_position"]));
    }

    private sealed class AllHeads : Module
    {
        public AllHeads(BertOptions options, ParityCase found)
        {
            Network = Add("network", new VisualBertNetwork(options, found.Config.GetProperty("visual_embedding_dim").GetInt32()));
            Words = Add("words", new MaskedLanguageHead(options));
            Next = Add("next", new Linear(options.Width, 2));
            Nlvr = Add("nlvr", new Linear(options.Width, found.Weights["nlvr/classifier.weight"].size(0)));
            MultipleChoice = Add("multichoice", new Linear(options.Width, 1));
            Vqa = Add("vqa", new Linear(options.Width, found.Inputs["vqa_label"].size(1)));
            Flickr = Add("flickr", new RegionGrounding(options));
        }

        public VisualBertNetwork Network { get; }

        public MaskedLanguageHead Words { get; }

        public Linear Next { get; }

        public Linear Nlvr { get; }

        public Linear MultipleChoice { get; }

        public Linear Vqa { get; }

        public RegionGrounding Flickr { get; }
    }
}
