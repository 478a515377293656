// Finds out what an ONNX file holds.
namespace Duet.Models.Pretrained.Onnx;

/// <summary>The towers of ONNX files: text encoders like BERT, and residual networks.</summary>
internal static class OnnxRecognition
{
    /// <summary>
    /// Recognises a residual network by its structure and a BERT by its names; null where a configuration lies beside the file, which then
    /// decides as it does for other checkpoints.
    /// </summary>
    /// <exception cref="PretrainedException">It is neither, or its shape cannot be told.</exception>
    internal static PretrainedRecognition? Of(OnnxWeights weights, ConfigurationReader? configuration)
    {
        if (weights.IsResNet)
        {
            return new(PretrainedFormat.TorchvisionResNet, new StateShapes(weights).TorchvisionResNet(), PretrainedNames.TorchvisionResNet);
        }

        if (configuration is not null && configuration.Has("model_type"))
        {
            return null;
        }

        return OnnxBert.IsIn(weights)
            ? new(PretrainedFormat.HuggingFaceBert, new OnnxBert(weights).Towers(), PretrainedNames.HuggingFaceBert)
            : throw new PretrainedException(
                $"{weights.Path} is not recognised: ONNX files of BERT-like text encoders and of residual networks are read. Its "
                    + $"weights begin with {StateShapes.Sample(weights)}. "
                    + "Of another text encoder that Duet knows, put the config.json beside it."
            );
    }
}
