// How pictures and texts reach a model, in training and ever after.
using Duet.Data;
using Duet.Models;

namespace Duet.Inference;

/// <summary>The preparation that a model's settings imply. Training, evaluation and prediction must prepare alike.</summary>
public static class ModelInputs
{
    /// <summary>How pictures are decoded and resized.</summary>
    /// <param name="options">The model's settings.</param>
    /// <param name="cacheBytes">Bytes of decoded pictures to keep; none where each is looked at once.</param>
    public static PictureOptions Pictures(ModelOptions options, long cacheBytes = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new PictureOptions
        {
            Preprocessing = PicturePreprocessing.Of(options),
            Exact = options.Preprocessing.Mode == PreprocessingMode.Exact,
            CacheBytes = cacheBytes,
        };
    }

    /// <summary>How texts are cut. Batches are only as wide as their longest text: the rest would be padding.</summary>
    /// <param name="options">The model's settings.</param>
    public static EncodingOptions Texts(ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new EncodingOptions
        {
            ContextLength = options.ContextLength,
            LongText = options.LongText,
            TrimToLongest = true,
        };
    }
}
