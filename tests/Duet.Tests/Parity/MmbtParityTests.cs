// MMBT against facebookresearch/mmbt.
using System.Text.Json;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Models.Pretrained;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Parity;

public sealed class MmbtParityTests
{
    private const int TorchvisionWidth = 64;
    private const string SegmentTable = "enc.txt_embeddings.token_type_embeddings.weight";

    [SkippableFact]
    public void Mmbt_computes_what_the_published_code_computes() => ParityCase.ForEach("mmbt", Reproduce);

    private static void Reproduce(ParityCase found)
    {
        var (inputs, expected, config) = (found.Inputs, found.Expected, found.Config);
        using var model = new Classifier(Options(found), config.GetProperty("n_classes").GetInt32());
        MmbtNames.Published.Load(model, found.Weights, found.Folder.Name);
        using var recorder = ForwardRecorder.Begin(model.Network);
        var output = model.Network.Forward(
            inputs["input_txt"],
            inputs["attention_mask"],
            inputs["segment"],
            inputs["input_img"],
            imagePresent: null
        );
        CompareImage(expected, recorder);
        expected.Hidden("text.embeddings", recorder.Of("text_embeddings")[0]);
        expected.Hidden("additive_attention_mask", BertEncoder.AdditiveMask(recorder.Of("visible")[0]));
        expected.HiddenSeries("hidden_", recorder.Hidden());
        expected.AttentionSeries("attention_probs_", recorder.Attention());
        expected.Hidden("pooled", output.Pooled);
        if (inputs.TryGetValue("pool.input", out var map))
        {
            ComparePools(map, expected);
        }

        var logits = model.Head.Forward(output.Pooled);
        expected.Hidden("logits", logits);
        CompareTask(found, logits).backward();
        var gradients = ParityGradients.Published(model, MmbtNames.Published, found.Weights);
        expected.Gradients(gradients);
        expected.GradientNorms(gradients);
    }

    private static BitransformerOptions Options(ParityCase found)
    {
        var (config, tower) = (found.Config, found.Config.GetProperty("image_tower"));
        var bert = BertConfiguration.Read(config.Block("bert"), BertOptions.Base() with { PaddingToken = 0 });
        var blocks = tower.GetProperty("layers").EnumerateArray().Select(count => count.GetInt32()).ToArray();
        var bottleneck = tower.GetProperty("block").GetString() == "bottleneck";
        return new(
            // A task with two sentences widens the table of segments; only the weights tell.
            bert with
            {
                SegmentCount = (int)found.Weights[SegmentTable].size(0),
            },
            new ResNetOptions
            {
                Bottleneck = bottleneck,
                Blocks = blocks,
                Width = TorchvisionWidth / tower.GetProperty("width_divisor").GetInt32(),
            }
        )
        {
            ImageTokens = config.GetProperty("num_image_embeds").GetInt32(),
            MaximumPooling = config.GetProperty("img_embed_pool_type").GetString() == "max",
            ClassToken = config.GetProperty("cls_id").GetInt32(),
            SeparatorToken = config.GetProperty("sep_id").GetInt32(),
        };
    }

    private static void CompareImage(ParityAssert expected, ForwardRecorder recorder)
    {
        expected.Hidden("image.stem_after_maxpool", recorder.Of("map")[0]);
        expected.HiddenSeries("image.layer", recorder.Of("map").Skip(1));
        expected.Hidden("image.pooled_tokens", recorder.Of("pooled_tokens")[0]);
        expected.Hidden("image.projected_tokens", recorder.Of("projected_tokens")[0]);
        expected.Hidden("image.embeddings", recorder.Of("image_embeddings")[0]);
    }

    private static void ComparePools(Tensor map, ParityAssert expected)
    {
        foreach (var (kind, maximum) in new[] { ("avg", false), ("max", true) })
        {
            for (var tokens = 1; tokens <= 9; tokens++)
            {
                // Not every folder records every number of tokens.
                if ($"pool.{kind}.{tokens}" is var name && expected.Has(name))
                {
                    expected.Hidden(name, GridPooling.Pool(map, tokens, maximum));
                }
            }
        }
    }

    /// <summary>Compares predictions and every recorded loss; the one that was differentiated is the plain one.</summary>
    private static Tensor CompareTask(ParityCase found, Tensor logits)
    {
        var (expected, target) = (found.Expected, found.Inputs["target"]);
        var multilabel = found.Config.GetProperty("task_type").GetString() == "multilabel";
        expected.Integers("predictions", multilabel ? logits.gt(0).to(ScalarType.Int64) : logits.argmax(1));
        var loss = multilabel ? Functional.BinaryCrossEntropy(logits, target) : Functional.CrossEntropy(logits, target);
        foreach (var name in expected.Recorded.Keys.Where(name => name.StartsWith("loss", StringComparison.Ordinal)))
        {
            expected.Loss(
                name,
                name.EndsWith("pos_weight", StringComparison.Ordinal)
                    ? Functional.BinaryCrossEntropy(logits, target, positiveWeight: PositiveWeight(found.Config.GetProperty("pos_weight")))
                    : loss
            );
        }

        return loss;
    }

    private static Tensor PositiveWeight(JsonElement weights) =>
        Tensors.From<float>([.. weights.EnumerateArray().Select(weight => weight.GetSingle())], weights.GetArrayLength());

    private sealed class Classifier : Module
    {
        public Classifier(BitransformerOptions options, int classes)
        {
            Network = Add("network", new MultimodalBitransformer(options));
            Head = Add("classifier", new Linear(options.Bert.Width, classes));
        }

        public MultimodalBitransformer Network { get; }

        public Linear Head { get; }
    }
}
