// Finds out which format a checkpoint has, and the shapes of its towers.
using Duet.Models.Pretrained.Onnx;
using Duet.Text;
using Duet.Torch.Safetensors;

namespace Duet.Models.Pretrained;

/// <summary>What was recognised.</summary>
/// <param name="Format">The format.</param>
/// <param name="Towers">The shapes.</param>
/// <param name="Names">The format's name table.</param>
internal sealed record PretrainedRecognition(PretrainedFormat Format, PretrainedTowers Towers, NameMap Names)
{
    /// <summary>One line per <c>model_type</c> of Hugging Face's configurations.</summary>
    private static readonly Dictionary<
        string,
        (PretrainedFormat Format, Func<ConfigurationReader, PretrainedTowers> Read, NameMap Names)
    > HuggingFace = new(StringComparer.Ordinal)
    {
        ["clip"] = (PretrainedFormat.HuggingFaceClip, HuggingFaceConfiguration.Clip, NameMapClip.HuggingFace),
        ["siglip"] = (PretrainedFormat.HuggingFaceSigLip, SigLipConfiguration.Fixed, NameMapSigLip.HuggingFace),
        ["siglip2"] = (PretrainedFormat.HuggingFaceSigLip, SigLipConfiguration.Variable, NameMapSigLip.HuggingFace),
        ["bert"] = (PretrainedFormat.HuggingFaceBert, HuggingFaceConfiguration.Bert, PretrainedNames.HuggingFaceBert),
        ["roberta"] = (PretrainedFormat.HuggingFaceRoberta, HuggingFaceConfiguration.Roberta, PretrainedNames.HuggingFaceRoberta),
        ["xlm-roberta"] = (PretrainedFormat.HuggingFaceRoberta, HuggingFaceConfiguration.Roberta, PretrainedNames.HuggingFaceRoberta),
        ["t5"] = (PretrainedFormat.HuggingFaceT5, T5Configuration.T5, T5Names.HuggingFace),
        ["mt5"] = (PretrainedFormat.HuggingFaceT5, T5Configuration.Mt5, T5Names.HuggingFace),
        ["vit"] = (PretrainedFormat.HuggingFaceVit, HuggingFaceConfiguration.Vit, NameMapVit.HuggingFace(classifier: false, pooler: true)),
        ["resnet"] = (PretrainedFormat.HuggingFaceResNet, HuggingFaceConfiguration.ResNet, PretrainedNames.HuggingFaceResNet),
    };

    /// <summary>Recognises a checkpoint by its configuration, or by its names where it has none.</summary>
    /// <exception cref="PretrainedException">It is of no known format, or its configuration cannot be used.</exception>
    internal static PretrainedRecognition Of(CheckpointFiles files, ISafetensorsSource source)
    {
        if (files.RunConfiguration is { } run)
        {
            return OfRun(run);
        }

        if (
            source is OnnxWeights onnx
            && OnnxRecognition.Of(onnx, files.Configuration is { } beside ? ConfigurationReader.Open(beside) : null) is { } found
        )
        {
            return found with { Towers = WithPictures(found.Towers, files) };
        }

        var openClip = StateShapes.IsOpenAiClip(source) || StateShapes.IsOpenClipSigLip(source);
        if (files.OpenClipConfiguration is { } path && (openClip || files.Configuration is null))
        {
            var settings = ConfigurationReader.Open(path);
            return OpenClipSigLipConfiguration.IsIn(settings)
                    ? new(
                        PretrainedFormat.OpenClipSigLip,
                        WithSigLipTokenizer(OpenClipSigLipConfiguration.Read(settings), files),
                        NameMapSigLip.OpenClip
                    )
                : OpenClipCoCaConfiguration.IsIn(settings)
                    ? new(PretrainedFormat.OpenClipCoCa, OpenClipCoCaConfiguration.Read(settings), NameMapCoCa.OpenClip)
                : new(PretrainedFormat.OpenClip, OpenClipConfiguration.Read(settings), NameMapClip.OpenAi);
        }

        var config = files.Configuration is { } json ? ConfigurationReader.Open(json) : null;
        return config is not null && config.Has("model_type") ? OfHuggingFace(config, files) : OfNames(source, config);
    }

    private static PretrainedRecognition OfRun(string path)
    {
        var (model, options) = ModelSettingsFile.Load(path);
        var system =
            ModelRegistry.Find(model).Towers
            ?? throw new PretrainedException(
                $"{path}: the run's model {model} has no towers that another system could take. {ModelRegistry.TowerListing}"
            );
        var described = system.Describe(options);

        // A system whose options choose between towers says which it has; all others have every one of theirs.
        var slots = system.Slots.Where(slot => described.Kinds.Count == 0 || described.Kinds.Contains(slot.Tower)).ToList();
        var kinds = slots.ConvertAll(slot => slot.Tower);
        var towers = described with
        {
            Kinds = kinds,
            Tokenizer = kinds.Exists(kind =>
                kind is TowerKind.ClipText or TowerKind.SigLipText or TowerKind.CoCaText or TowerKind.Bert or TowerKind.T5
            )
                ? options.Tokenizer
                : null,
            ImageSize = options.ImageSize,
            PixelMean = options.PixelMean,
            PixelDeviation = options.PixelDeviation,
            Preprocessing = kinds.Exists(kind =>
                kind
                    is not (
                        TowerKind.ClipText
                        or TowerKind.SigLipText
                        or TowerKind.Bert
                        or TowerKind.T5
                        or TowerKind.ClipScale
                        or TowerKind.SigLipScale
                    )
            )
                ? options.Preprocessing
                : null,
        };
        return new(PretrainedFormat.DuetRun, towers, PretrainedNames.DuetRun(slots));
    }

    private static PretrainedRecognition OfHuggingFace(ConfigurationReader config, CheckpointFiles files)
    {
        var type = config.Text("model_type");
        if (!HuggingFace.TryGetValue(type, out var known))
        {
            throw config.Error($"model_type is {type}; Duet reads {string.Join(", ", HuggingFace.Keys)}.");
        }

        var towers = known.Read(config);
        if (known.Format == PretrainedFormat.HuggingFaceRoberta && Tokenizers.IsIn(files.Folder))
        {
            // RoBERTa and XLM-R are one architecture with different tokenizers, and a fine-tuned model's type does not always say which.
            towers = towers with
            {
                Tokenizer = Tokenizers.Load(files.Folder).Kind,
            };
        }

        towers = known.Format == PretrainedFormat.HuggingFaceSigLip ? WithSigLipTokenizer(towers, files) : towers;
        return new(known.Format, WithPictures(towers, files), known.Names);
    }

    // SigLIP 2 has SigLIP's configuration and another vocabulary.
    private static PretrainedTowers WithSigLipTokenizer(PretrainedTowers towers, CheckpointFiles files) =>
        Tokenizers.IsIn(files.Folder) && Tokenizers.Load(files.Folder) is SigLip2Tokenizer
            ? towers with
            {
                Tokenizer = SigLip2Tokenizer.KindName,
            }
            : towers;

    // A picture tower's own recipe, where it lies beside the weights.
    private static PretrainedTowers WithPictures(PretrainedTowers towers, CheckpointFiles files)
    {
        if (files.PictureConfiguration is not { } pictures || towers.PixelMean is null)
        {
            return towers;
        }

        var reader = ConfigurationReader.Open(pictures);
        return towers with
        {
            PixelMean = reader.Numbers("image_mean") ?? towers.PixelMean,
            PixelDeviation = reader.Numbers("image_std") ?? towers.PixelDeviation,
            Preprocessing = PublishedPreprocessing.HuggingFace(reader, towers.Preprocessing ?? new()),
        };
    }

    private static PretrainedRecognition OfNames(ISafetensorsSource source, ConfigurationReader? arguments)
    {
        if (StateShapes.IsOpenClipSigLip(source) || StateShapes.IsHuggingFaceSigLip(source))
        {
            throw new PretrainedException(
                $"{source.Path} is a SigLIP by the names of its tensors, which show neither heads nor activations. Put the model's own "
                    + $"config.json (Hugging Face) or open_clip_config.json (open_clip) beside it."
            );
        }

        var shapes = new StateShapes(source);
        if (StateShapes.IsOpenAiClip(source))
        {
            return new(PretrainedFormat.OpenAiClip, shapes.OpenAiClip(arguments), NameMapClip.OpenAi);
        }

        if (StateShapes.IsTorchvisionVit(source))
        {
            return new(PretrainedFormat.TorchvisionVit, shapes.TorchvisionVit(arguments), NameMapVit.Torchvision(classifier: false));
        }

        return StateShapes.IsTorchvisionResNet(source)
            ? new(PretrainedFormat.TorchvisionResNet, shapes.TorchvisionResNet(), PretrainedNames.TorchvisionResNet)
            : throw new PretrainedException(
                $"{source.Path} is not recognised: there is no config.json with a model_type beside it, and its names are neither "
                    + $"those of OpenAI's CLIP nor of "
                    + $"torchvision's vision transformers and residual networks. They begin with {StateShapes.Sample(source)}. "
                    + $"Readable model types: {string.Join(", ", HuggingFace.Keys)}."
            );
    }
}
