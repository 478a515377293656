// Writes captions for pictures with a trained model.
using Duet.Data;
using Duet.Models;
using Duet.Models.Generation;
using Duet.Runs;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Inference;

/// <summary>Captions by a model with a text decoder (CoCa, arXiv 2205.01917): what it learned to say of pictures in pre-training or from a
/// published checkpoint.</summary>
public sealed class Captioner
{
    private readonly DuetModel _model;
    private readonly CoCa _decoder;
    private readonly CaptionOptions _options;
    private readonly CaptionGenerator _generator;

    /// <summary>Prepares a captioner.</summary>
    /// <param name="model">A CoCa; it must outlive the captioner.</param>
    /// <param name="options">How tokens are chosen; greedily where null (<see cref="DefaultsFor"/>).</param>
    /// <exception cref="RunException">The model writes no text.</exception>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public Captioner(DuetModel model, CaptionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _decoder =
            model.Model as CoCa ?? throw new RunException($"{model.Configuration.Model} writes no text; captions need a run of coca.");
        _options = options ?? DefaultsFor(model);
        _generator = new CaptionGenerator(_options);
    }

    /// <summary>Whether a run's training taught it captions at all.</summary>
    public bool HasLearned =>
        _model.Configuration.Training is not { PretrainEpochs: 0, Pretrained: null }
        || _model.Configuration.Options is CoCaOptions { AuxiliaryCaptionWeight: > 0 };

    /// <summary>Greedy captions with a model's own tokens, as long as its context.</summary>
    public static CaptionOptions DefaultsFor(DuetModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(model.Tokenizer.StartId, model.Tokenizer.EndId, model.Tokenizer.PaddingId, model.Model.Options.ContextLength);
    }

    /// <summary>Writes captions, one forward pass per token for up to a batch of pictures.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>A caption per picture, without special tokens.</returns>
    /// <exception cref="OptionException">Captions may get longer than the model's context.</exception>
    /// <exception cref="Vision.ImageDecodeException">A picture is missing, refused or damaged; the message names it.</exception>
    public IReadOnlyList<string> Caption(IReadOnlyList<ProductPicture> pictures, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var captions = new List<string>(pictures.Count);
        foreach (var batch in pictures.Chunk(_model.Options.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            var products = Array.ConvertAll(batch, picture => new ProductInput { Pictures = [picture] });
            var host = _model.Preparation.Batch(_model.Preparation.PrepareMany(products, cancellation));
            var ids = _model.Forward.Use(host, tensors => _generator.Caption(_decoder, tensors.Pixels).ToInt64Array());
            captions.AddRange(ids.Chunk(_options.MaximumLength).Select(Text));
        }

        return captions;
    }

    private string Text(long[] ids)
    {
        var end = Array.IndexOf(ids, _options.EndId);
        return _model.Tokenizer.Decode(Array.ConvertAll(end < 0 ? ids : ids[..end], id => (int)id)).Trim();
    }
}
