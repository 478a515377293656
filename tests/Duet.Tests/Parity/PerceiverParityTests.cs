// Perceiver IO against Hugging Face's multimodal classifier and krasserm's image classifier.
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

public sealed class PerceiverParityTests
{
    [SkippableFact]
    public void Agrees_with_the_multimodal_classifier_of_Hugging_Face() => ParityCase.ForEach("perceiver-io", ReproduceHuggingFace);

    [SkippableFact]
    public void Agrees_with_the_image_classifier_of_krasserm() => ParityCase.ForEach("perceiver-io-image", ReproduceKrasserm);

    private static void ReproduceHuggingFace(ParityCase fixture)
    {
        using var network = HuggingFacePerceiver.Build(fixture);
        PerceiverNames.HuggingFace.Load(network, fixture.Weights, fixture.Folder.Name);
        var expected = fixture.Expected;

        var tokens = new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["image"] = network.Image.Forward(fixture.Inputs["image"]),
            ["text"] = network.Text!.Forward(fixture.Inputs["text"]),
        };
        if (fixture.Config.Flag("label_modality", otherwise: false))
        {
            tokens["label"] = OneHotTokens(fixture.Inputs["label"], fixture.Config.GetProperty("perceiver").Long("num_labels"));
        }

        foreach (var (name, sequence) in tokens.Where(item => expected.Has($"preprocessed.{item.Key}")))
        {
            expected.Hidden($"preprocessed.{name}", sequence);
        }

        var input = network.Padding!.Forward(tokens, HuggingFacePerceiver.Masks(fixture.Config, tokens));
        expected.Hidden("preprocessed.all", input);
        expected.Integers(
            "modality_sizes",
            Tensors.From(network.Padding.Names.Select(name => tokens[name].size(1)).ToArray(), network.Padding.Names.Count)
        );

        using var recorder = ForwardRecorder.Begin(network);
        var visible = fixture.Inputs.TryGetValue("attention_mask", out var mask) ? mask.ne(0) : null;
        var latents = network.Encoder.Forward(input, visible);
        var steps = LatentStep.Of(recorder);
        CompareHiddenStates(expected, steps);
        expected.Attention("cross_attention_probs_encoder", steps[0].Attention[0]);
        expected.AttentionSeries("self_attention_probs_", steps.Skip(1).SelectMany(step => step.Attention));
        expected.Hidden("last_hidden_state", latents);

        var logits = network.Classifier.Forward(network.Decoder.Forward(latents).select(1, 0));
        expected.Attention("cross_attention_probs_decoder", recorder.Attention("decoder")[0]);
        CompareLogits(fixture, network, PerceiverNames.HuggingFace, logits);
    }

    private static void ReproduceKrasserm(ParityCase fixture)
    {
        using var network = KrassermPerceiver.Build(fixture.Config);
        PerceiverNames.Krasserm.Load(network, fixture.Weights, fixture.Folder.Name);
        var expected = fixture.Expected;

        var input = network.Image.Forward(fixture.Inputs["image"].permute(0, 3, 1, 2));
        expected.Hidden("adapted_input", input);
        var table = fixture.Weights["0.input_adapter.position_encoding.position_encoding"];
        var positions = input.select(0, 0).narrow(1, input.size(2) - table.size(1), table.size(1));
        (positions - table).abs().max().ToDouble().ShouldBeLessThan(1e-5, "the Fourier features differ");

        using var recorder = ForwardRecorder.Begin(network);
        var visible = fixture.Inputs.TryGetValue("pad_mask", out var hidden) ? hidden.logical_not() : null;
        var latents = network.Encoder.Forward(input, visible);
        var steps = LatentStep.Of(recorder);
        foreach (
            var uses in steps.GroupBy(
                step => $"0.{(step.IsRead ? "cross" : "self")}_attn_{(step.UsesLaterWeights ? "n" : "1")}",
                StringComparer.Ordinal
            )
        )
        {
            expected.HiddenSeries($"{uses.Key}.call_", uses.Select(step => step.Result));
        }

        expected.Hidden("latents", latents);
        var answers = network.Decoder.Forward(latents);
        expected.HiddenSeries("1.cross_attn.call_", [answers]);
        CompareLogits(fixture, network, PerceiverNames.Krasserm, network.Classifier.Forward(answers.select(1, 0)));
    }

    private static void CompareLogits(ParityCase fixture, PerceiverNetwork network, NameMap map, Tensor logits)
    {
        fixture.Expected.Hidden("logits", logits);
        var loss = Functional.CrossEntropy(logits, fixture.Inputs["target"]);
        fixture.Expected.Loss("loss_cross_entropy", loss);
        loss.backward();
        var gradients = ParityGradients.Published(network, map, fixture.Weights);
        fixture.Expected.Gradients(gradients);
        fixture.Expected.GradientNorms(gradients);
    }

    // The published list holds the state before every layer and once more after every block, so the states between blocks stand twice.
    private static void CompareHiddenStates(ParityAssert expected, IReadOnlyList<LatentStep> steps)
    {
        var number = 0;
        foreach (var block in steps.Where(step => !step.IsRead))
        {
            expected.Hidden($"latents_{number++}", block.Input!);
            foreach (var state in block.Layers)
            {
                expected.Hidden($"latents_{number++}", state);
            }
        }
    }

    private static Tensor OneHotTokens(Tensor label, long classes) =>
        (label.dim() == 1 ? nn.functional.one_hot(label, classes) : label).to(ScalarType.Float32).unsqueeze(1);

    private static class HuggingFacePerceiver
    {
        public static PerceiverNetwork Build(ParityCase fixture)
        {
            var config = fixture.Config;
            var model = config.Block("perceiver");
            var image = new PerceiverImageReader(ImageOptions(config));
            var text = new PerceiverTextReader(model.Long("vocab_size"), model.Long("max_position_embeddings"), model.Long("d_model"));
            var channels = new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["image"] = image.Options.TokenChannels,
                ["text"] = text.Width,
            };
            if (config.Flag("label_modality", otherwise: false))
            {
                channels["label"] = model.Long("num_labels");
            }

            var padding = new ModalityPadding(
                channels,
                config.Long("min_padding_size"),
                MaskProbabilities(config).Select(item => item.Key)
            );

            // config.json does not tell in which width the queries are learned; the stored queries do.
            var queries = fixture.Weights["decoder.decoder.output_position_encodings.position_embeddings"];
            var projected = config.GetProperty("decoder").OptionalLong("project_pos_dim") is { } width and > 0 ? width : (long?)null;
            var queryWidth = projected ?? queries.size(1);
            var decoder = new LatentDecoder(
                queries.size(0),
                DecoderOptions(config.GetProperty("decoder"), model, queryWidth),
                projected is null ? null : queries.size(1)
            );
            var encoder = new LatentEncoder(EncoderOptions(model, padding.Width));
            return new PerceiverNetwork(image, text, padding, encoder, decoder, new Linear(queryWidth, model.Long("num_labels")));
        }

        /// <summary>Which tokens give way to mask tokens: all or none of a modality, for the probabilities are 1 or 0.</summary>
        public static Dictionary<string, Tensor> Masks(JsonElement config, Dictionary<string, Tensor> tokens) =>
            MaskProbabilities(config)
                .ToDictionary(
                    item => item.Key,
                    item => full([tokens[item.Key].size(0), tokens[item.Key].size(1)], item.Value).bernoulli().ne(0),
                    StringComparer.Ordinal
                );

        private static IEnumerable<KeyValuePair<string, double>> MaskProbabilities(JsonElement config) =>
            config.TryGetProperty("mask_probs", out var probabilities) && probabilities.ValueKind == JsonValueKind.Object
                ? probabilities.EnumerateObject().Select(item => KeyValuePair.Create(item.Name, item.Value.GetDouble()))
                : [];

        private static LatentEncoderOptions EncoderOptions(JsonElement model, long inputWidth)
        {
            var queryChannels = model.OptionalLong("qk_channels");
            var valueChannels = model.OptionalLong("v_channels");
            return new(model.Long("num_latents"), model.Long("d_latents"), inputWidth)
            {
                CrossHeads = (int)model.Long("num_cross_attention_heads"),
                CrossWideningFactor = model.Long("cross_attention_widening_factor"),
                CrossQueryChannels = queryChannels ?? (IsQueryShaped(model) ? model.Long("d_latents") : null),
                CrossValueChannels = valueChannels,
                CrossQueryResidual = model.Flag("use_query_residual", otherwise: true),
                Blocks = (int)model.Long("num_blocks"),
                LayersPerBlock = (int)model.Long("num_self_attends_per_block"),
                SelfHeads = (int)model.Long("num_self_attention_heads"),
                SelfWideningFactor = model.Long("self_attention_widening_factor"),
                SelfQueryChannels = queryChannels,
                SelfValueChannels = valueChannels,
                Activation = ActivationOf(model),
            };
        }

        private static PerceiverLayerOptions DecoderOptions(JsonElement decoder, JsonElement model, long width) =>
            new(width, (int)(decoder.OptionalLong("num_heads") ?? 1), model.Long("d_latents"))
            {
                QueryChannels = decoder.OptionalLong("qk_channels") ?? (IsQueryShaped(model) ? width : null),
                ValueChannels = decoder.OptionalLong("v_channels"),
                WideningFactor = decoder.OptionalLong("widening_factor") ?? 1,
                QueryResidual = decoder.Flag("use_query_residual", otherwise: false),
                Activation = ActivationOf(model),
            };

        private static bool IsQueryShaped(JsonElement model) => model.Text("cross_attention_shape_for_attention", "kv") == "q";

        private static Activation ActivationOf(JsonElement model) => PublishedActivation.Parse(model.Text("hidden_act", "gelu"));

        private static PerceiverImageOptions ImageOptions(JsonElement config)
        {
            var size = config.Longs("image_size");
            var reader = config.GetProperty("image_preprocessor");
            var fourier = reader.Text("position_encoding_type", "fourier") == "fourier";
            return new(size[0], size[^1])
            {
                Channels = reader.OptionalLong("in_channels") ?? 3,
                Reading = reader.Text("prep_type", "conv") switch
                {
                    "pixels" => PerceiverImageReading.Pixels,
                    "patches" => PerceiverImageReading.Patches,
                    "conv" => PerceiverImageReading.Convolution,
                    "conv1x1" => PerceiverImageReading.PointConvolution,
                    var other => throw new InvalidOperationException($"There is no prep_type '{other}'."),
                },
                Downsample = reader.OptionalLong("spatial_downsample") ?? 4,
                OutputChannels = reader.OptionalLong("out_channels") ?? 64,
                ProjectPatches = reader.Flag("conv_after_patching", otherwise: false),
                BatchNorm = reader.Flag("conv2d_use_batchnorm", otherwise: true),
                AddPositions = reader.Text("concat_or_add_pos", "concat") == "add",
                PositionProjection = reader.OptionalLong("project_pos_dim") is { } width and > 0 ? width : null,
                Fourier = fourier ? Fourier(reader.GetProperty("fourier_position_encoding_kwargs")) : null,
                LearnedPositionChannels = fourier ? 0 : reader.GetProperty("trainable_position_encoding_kwargs").Long("num_channels"),
            };
        }

        private static PerceiverFourierOptions Fourier(JsonElement options) =>
            new((int)options.Long("num_bands"), options.Longs("max_resolution"))
            {
                IncludePositions = options.Flag("concat_pos", otherwise: true),
                SineOnly = options.Flag("sine_only", otherwise: false),
            };
    }

    private static class KrassermPerceiver
    {
        public static PerceiverNetwork Build(JsonElement config)
        {
            var encoder = config.GetProperty("encoder");
            var shape = encoder.Longs("image_shape");
            var image = new PerceiverImageReader(
                new(shape[0], shape[1])
                {
                    Channels = shape[2],
                    Reading = PerceiverImageReading.Pixels,
                    Downsample = 1,
                    Fourier = new((int)encoder.Long("num_frequency_bands"), [shape[0], shape[1]]),
                }
            );
            var latentWidth = config.Long("num_latent_channels");
            var decoder = config.GetProperty("decoder");
            var queryWidth = decoder.Long("num_output_query_channels");
            return new PerceiverNetwork(
                image,
                null,
                null,
                new LatentEncoder(EncoderOptions(encoder, config.Long("num_latents"), latentWidth, image.Options.TokenChannels)),
                new LatentDecoder(decoder.OptionalLong("num_output_queries") ?? 1, DecoderOptions(decoder, queryWidth, latentWidth)),
                new Linear(queryWidth, decoder.Long("num_classes"))
            );
        }

        private static LatentEncoderOptions EncoderOptions(JsonElement encoder, long latents, long width, long inputWidth) =>
            new(latents, width, inputWidth)
            {
                CrossAttentions = (int)(encoder.OptionalLong("num_cross_attention_layers") ?? 1),
                ShareFirstCrossAttention = encoder.Flag("first_cross_attention_layer_shared", otherwise: false),
                CrossHeads = (int)(encoder.OptionalLong("num_cross_attention_heads") ?? 8),
                CrossWideningFactor = encoder.OptionalLong("cross_attention_widening_factor") ?? 1,
                CrossQueryChannels = encoder.OptionalLong("num_cross_attention_qk_channels"),
                CrossValueChannels = encoder.OptionalLong("num_cross_attention_v_channels"),
                Blocks = (int)(encoder.OptionalLong("num_self_attention_blocks") ?? 1),
                ShareFirstBlock = encoder.Flag("first_self_attention_block_shared", otherwise: true),
                LayersPerBlock = (int)(encoder.OptionalLong("num_self_attention_layers_per_block") ?? 8),
                SelfHeads = (int)(encoder.OptionalLong("num_self_attention_heads") ?? 8),
                SelfWideningFactor = encoder.OptionalLong("self_attention_widening_factor") ?? 1,
                SelfQueryChannels = encoder.OptionalLong("num_self_attention_qk_channels"),
                SelfValueChannels = encoder.OptionalLong("num_self_attention_v_channels"),
            };

        private static PerceiverLayerOptions DecoderOptions(JsonElement decoder, long width, long latentWidth) =>
            new(width, (int)(decoder.OptionalLong("num_cross_attention_heads") ?? 8), latentWidth)
            {
                QueryChannels = decoder.OptionalLong("num_cross_attention_qk_channels") ?? width,
                ValueChannels = decoder.OptionalLong("num_cross_attention_v_channels"),
                WideningFactor = decoder.OptionalLong("cross_attention_widening_factor") ?? 1,
                QueryResidual = decoder.Flag("cross_attention_residual", otherwise: true),
            };
    }
}
