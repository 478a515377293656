// The recipe of a training run.
using Duet.Models;
using Duet.Torch;

namespace Duet.Training;

/// <summary>
/// How a model is trained. Immutable; saved with the run; validated before work starts. The defaults are what worked best for training
/// from scratch on some thousand products (docs/decisions/006-the-default-recipe.md).
/// </summary>
public sealed record TrainingOptions
{
    private const double PretrainedBackboneScale = 0.1;

    /// <summary>Passes over the training split.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>Passes of the system's own pre-training (contrastive for CLIP) before the tasks; 0 for none.</summary>
    public int PretrainEpochs { get; init; }

    /// <summary>Products per step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Batches whose gradients are summed up before a step.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>The peak learning rate.</summary>
    public double LearningRate { get; init; } = 6e-4;

    /// <summary>The peak learning rate of the pre-training stage.</summary>
    public double PretrainLearningRate { get; init; } = 6e-4;

    /// <summary>The part of all steps in which the learning rate rises.</summary>
    public double WarmupFraction { get; init; } = 0.05;

    /// <summary>Where the cosine ends, as a part of the peak.</summary>
    public double FinalLearningRateFraction { get; init; } = 0.01;

    /// <summary>Published weights the towers start from: a folder, a file or a hub name, several separated by commas; null for random
    /// weights.</summary>
    public string? Pretrained { get; init; }

    /// <summary>Factor on the learning rate of the towers; null for 0.1 where they come pre-trained, else 1; 0 freezes them. The
    /// pre-training stage is the towers' own and leaves it aside.</summary>
    public double? BackboneLearningRateScale { get; init; }

    /// <summary>Factor per layer from the top of the towers down; 1 for none.</summary>
    public double LayerDecay { get; init; } = 1;

    /// <summary>Decoupled weight decay of matrices; biases, norms and embeddings have none.</summary>
    public double WeightDecay { get; init; } = 0.1;

    /// <summary>AdamW's decay of the mean of gradients.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>AdamW's decay of the mean of squared gradients.</summary>
    public double Beta2 { get; init; } = 0.98;

    /// <summary>The largest global gradient norm; 0 for no clipping.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Label smoothing of single-label tasks.</summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>How the tasks' losses are weighed.</summary>
    public LossBalancing LossBalancing { get; init; } = LossBalancing.Equal;

    /// <summary>Probability that a product with both loses its picture, in a training step.</summary>
    public double ImageDropout { get; init; } = 0.1;

    /// <summary>Probability that a product with both loses its text, in a training step.</summary>
    public double TextDropout { get; init; } = 0.4;

    /// <summary>Probability that a token of a training text is left out.</summary>
    public double TokenDropout { get; init; } = 0.15;

    /// <summary>Probability that a token of a training text is split into the two it was merged from (BPE-dropout, arXiv
    /// 1910.13267).</summary>
    public double TokenSplit { get; init; } = 0.3;

    /// <summary>Decay of the moving average of weights that is evaluated and kept; 0 for none.</summary>
    public double EmaDecay { get; init; } = 0.998;

    /// <summary>Standard errors of the mean validation score by which the last epoch may lie below the best one and is kept all the same; 0
    /// keeps the best, always.</summary>
    public double BestTolerance { get; init; } = 1;

    /// <summary>Epochs without a better validation score after which training stops; 0 for never.</summary>
    public int Patience { get; init; }

    /// <summary>Smallest area of a random crop, as a part of the picture.</summary>
    public double CropScale { get; init; } = 0.5;

    /// <summary>Probability of a horizontal flip.</summary>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Strength of brightness, contrast and saturation jitter; 0 keeps colours true, as colour tasks need.</summary>
    public double ColorJitter { get; init; }

    /// <summary>Probability that a rectangle of the picture is blanked.</summary>
    public double ErasingProbability { get; init; } = 0.3;

    /// <summary>Probability of Gaussian noise on the picture, whose strength is drawn up to a fifth of the colour range.</summary>
    public double NoiseProbability { get; init; } = 0.1;

    /// <summary>A tokenizer file or folder; null trains one on the training split.</summary>
    public string? TokenizerPath { get; init; }

    /// <summary>Size of the vocabulary trained on the training split when none is given.</summary>
    public int VocabularySize { get; init; } = 4096;

    /// <summary>The seed of everything random.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads that compute; the most of them with <see cref="AdaptThreads"/>.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Whether the number of threads that is fastest at the time, from 1 to <see cref="Threads"/>, is found out before every epoch, for
    /// machines whose cores other programs use as well. Which it is differs from run to run, and the last bits of the weights with it.
    /// </summary>
    public bool AdaptThreads { get; init; }

    /// <summary>Threads that load.</summary>
    public int LoaderThreads { get; init; } = 1;

    /// <summary>The arithmetic.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Minutes between checkpoints inside an epoch; one is written after every epoch in any case.</summary>
    public double CheckpointMinutes { get; init; } = 5;

    /// <summary>
    /// Whether the towers, which are frozen, run once per product, and the rest is trained on the sequences that they gave. They are kept
    /// in bfloat16 in a file of the run folder while it trains. Pictures and texts are then seen as evaluation sees them: without crops,
    /// dropped tokens and the like.
    /// </summary>
    public bool CacheTowers { get; init; }

    /// <summary>Bytes of decoded pictures kept in memory.</summary>
    public long PictureCacheBytes { get; init; } = 1L << 30;

    /// <summary>The same with the precision that <see cref="Precision.Auto"/> means on this machine.</summary>
    /// <exception cref="OptionException">The device does not exist; the message says what may be written.</exception>
    public TrainingOptions Decided()
    {
        try
        {
            return this with { Precision = Precision.On(DeviceName.Parse(Device)) };
        }
        catch (FormatException e)
        {
            throw new OptionException(e.Message, e);
        }
    }

    /// <summary>The factor on the learning rate of the towers that is in force.</summary>
    public double BackboneScale() => BackboneLearningRateScale ?? (Pretrained is null ? 1 : PretrainedBackboneScale);

    /// <summary>Checks every setting.</summary>
    /// <exception cref="OptionException">One is outside its range; the message names it.</exception>
    public void Validate()
    {
        OptionException.Require("epochs", Epochs, 1, 100_000, "a run needs one pass at least");
        OptionException.Require("pretrain_epochs", PretrainEpochs, 0, 100_000, "0 leaves the stage out");
        OptionException.Require("batch_size", BatchSize, 1, 65_536, "a step needs a product and must fit memory");
        OptionException.Require("accumulation_steps", AccumulationSteps, 1, 65_536, "1 makes a step of every batch");
        OptionException.Require("learning_rate", LearningRate, 1e-9, 1, "AdamW moves every weight by about this much per step");
        OptionException.Require(
            "pretrain_learning_rate",
            PretrainLearningRate,
            1e-9,
            1,
            "AdamW moves every weight by about this much per step"
        );
        OptionException.Require("warmup_fraction", WarmupFraction, 0, 0.9, "the learning rate must also come down");
        OptionException.Require("final_learning_rate_fraction", FinalLearningRateFraction, 0, 1, "it is a part of the peak");
        OptionException.Require("backbone_learning_rate_scale", BackboneScale(), 0, 100, "0 freezes the towers");
        OptionException.Require("layer_decay", LayerDecay, 0.01, 1, "it is a factor per layer");
        OptionException.Require("weight_decay", WeightDecay, 0, 10, "it is multiplied by the learning rate");
        OptionException.Require("beta1", Beta1, 0, 0.9999, "it is a decay");
        OptionException.Require("beta2", Beta2, 0, 0.99999, "it is a decay");
        OptionException.Require("clip_norm", ClipNorm, 0, 1e6, "0 switches clipping off");
        OptionException.Require("label_smoothing", LabelSmoothing, 0, 0.9, "more would drown the label");
        OptionException.Require("image_dropout", ImageDropout, 0, 0.5, "picture and text are never both dropped");
        OptionException.Require("text_dropout", TextDropout, 0, 0.5, "picture and text are never both dropped");
        OptionException.Require("token_dropout", TokenDropout, 0, 0.9, "some text must remain");
        OptionException.Require("token_split", TokenSplit, 0, 0.9, "some words must remain whole");
        OptionException.Require("ema_decay", EmaDecay, 0, 0.99999, "0 switches the average off");
        OptionException.Require("best_tolerance", BestTolerance, 0, 10, "it counts standard errors; more than that is not chance");
        OptionException.Require("patience", Patience, 0, 100_000, "0 never stops early");
        OptionException.Require("crop_scale", CropScale, 0.01, 1, "it is a part of the picture's area");
        OptionException.Require("flip_probability", FlipProbability, 0, 1, "it is a probability");
        OptionException.Require("color_jitter", ColorJitter, 0, 1, "1 doubles or blanks a channel");
        OptionException.Require("erasing_probability", ErasingProbability, 0, 1, "it is a probability");
        OptionException.Require("noise_probability", NoiseProbability, 0, 1, "it is a probability");
        OptionException.Require("vocabulary_size", VocabularySize, 514, 1 << 20, "512 byte symbols and two marks come first");
        OptionException.Require("threads", Threads, 1, 1024, "one thread at least computes");
        OptionException.Require("loader_threads", LoaderThreads, 1, 1024, "one thread at least loads");
        OptionException.Require(
            "checkpoint_minutes",
            CheckpointMinutes,
            0.01,
            100_000,
            "a killed run repeats what came after its last checkpoint"
        );
        OptionException.Require(
            !CacheTowers || (BackboneScale() == 0 && PretrainEpochs == 0),
            "cache_towers keeps what frozen towers give: it needs backbone_learning_rate_scale 0 and pretrain_epochs 0."
        );
        OptionException.Require("picture_cache_bytes", PictureCacheBytes, 0, 1L << 50, "0 decodes every picture again in every epoch");
    }
}
