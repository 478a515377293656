// The trained run that guides Kaleido-BERT's masking.
using Duet.Models;
using Duet.Models.Fusion;
using Duet.Runs;
using Duet.Torch;

namespace Duet.Training;

/// <summary>Loads the alignment generator that a Kaleido-BERT's settings name (arXiv 2103.16110, section 3.2).</summary>
internal static class AlignmentTeacher
{
    private const string TokenizerFile = "tokenizer.json";

    /// <summary>Gives a model its alignment where its settings name one and the recipe pre-trains.</summary>
    /// <param name="model">The model that is trained.</param>
    /// <param name="folder">Its run folder, with its tokenizer.</param>
    /// <param name="training">The recipe.</param>
    /// <param name="device">Where to compute.</param>
    /// <returns>The generator, the caller's to free once training is done; null where there is none.</returns>
    /// <exception cref="OptionException">The named run does not read the same tokens and pictures, or has no alignment to give.</exception>
    /// <exception cref="RunException">The named run cannot be used.</exception>
    public static ProductModel? GiveTo(ProductModel model, RunFolder folder, TrainingOptions training, Device device)
    {
        if (model is not KaleidoBert student || ((KaleidoBertOptions)student.Options).AlignmentRun is not { } path || training.PretrainEpochs == 0)
        {
            return null;
        }

        var generator = new RunFolder(path);
        var configuration = generator.LoadConfiguration();
        Check(student.Options, configuration.Options, folder, generator);
        var teacher = generator.LoadModel(configuration, generator.LoadSchema(), generator.LoadTokenizer());
        teacher.Evaluate();
        teacher.To(device);
        student.Alignment = new AttentionAlignment(teacher, student.Options);
        return teacher;
    }

    private static void Check(ModelOptions student, ModelOptions teacher, RunFolder folder, RunFolder generator)
    {
        OptionException.Require(
            teacher is CoCaOptions or CmaClipOptions or VisualBertOptions or ImageBertOptions,
            $"alignment_run names {generator.Path}, whose system records no attention from words to a grid of patches; name a run of coca, cma-clip, visualbert or imagebert.");
        OptionException.Require(
            student.ImageSize == teacher.ImageSize,
            $"alignment_run names {generator.Path}, which sees pictures of {teacher.ImageSize} pixels, this run {student.ImageSize}. Give both the same image_size.");
        OptionException.Require(
            student.ContextLength <= teacher.ContextLength,
            $"alignment_run names {generator.Path}, which reads {teacher.ContextLength} tokens, this run {student.ContextLength}. Set context_length to {teacher.ContextLength} at most.");
        var (own, other) = (Path.Combine(folder.Path, TokenizerFile), Path.Combine(generator.Path, TokenizerFile));
        OptionException.Require(
            File.Exists(own) && File.Exists(other) && File.ReadAllBytes(own).AsSpan().SequenceEqual(File.ReadAllBytes(other)),
            $"alignment_run names {generator.Path}, which has another tokenizer. Train this run with --set tokenizer_path={generator.Path}; the two must read the same tokens.");
    }
}
