// The trained run that guides Kaleido-BERT's masking.
using System.Globalization;
using Duet.Models;
using Duet.Models.Fusion;
using Duet.Runs;
using Duet.Text;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

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
        if (
            model is not KaleidoBert student
            || ((KaleidoBertOptions)student.Options).AlignmentRun is not { } path
            || training.PretrainEpochs == 0
        )
        {
            return null;
        }

        var generator = new RunFolder(path);
        var configuration = generator.LoadConfiguration();
        Check(student.Options, configuration.Options, generator);
        var tokenizer = generator.LoadTokenizer();
        CheckTokenizer(folder, generator, folder.LoadTokenizer(), tokenizer);
        var teacher = generator.LoadModel(configuration, generator.LoadSchema(), tokenizer);
        try
        {
            teacher.eval();
            teacher.To(device);
            var alignment = new AttentionAlignment(teacher, student.Options);
            CheckGrid(alignment, student, generator, device);
            student.Alignment = alignment;
            return teacher;
        }
        catch
        {
            teacher.Dispose();
            throw;
        }
    }

    private static void Check(ModelOptions student, ModelOptions teacher, RunFolder generator)
    {
        OptionException.Require(
            teacher is CoCaOptions or CmaClipOptions or VisualBertOptions or ImageBertOptions,
            $"alignment_run names {generator.Path}, whose system records no attention from words to a grid of patches; name a run of "
                + $"coca, cma-clip, visualbert or imagebert."
        );
        OptionException.Require(
            student.ImageSize == teacher.ImageSize,
            $"alignment_run names {generator.Path}, which sees pictures of {teacher.ImageSize} pixels, this run {student.ImageSize}. "
                + $"Give both the same image_size."
        );
        OptionException.Require(
            student.ContextLength <= teacher.ContextLength,
            $"alignment_run names {generator.Path}, which reads {teacher.ContextLength} tokens, this run {student.ContextLength}. Set "
                + $"context_length to {teacher.ContextLength} at most."
        );
        OptionException.Require(
            teacher.Modalities == InputModalities.Both,
            $"alignment_run names {generator.Path}, which uses one input alone (modalities {teacher.Modalities}): it cannot say which "
                + $"word belongs to which part of a picture."
        );

        // The same place of a picture must be the same place of what each of them sees.
        var (own, other) = (student.Preprocessing, teacher.Preprocessing);
        OptionException.Require(
            own.Resize == other.Resize && own.CropFraction.Equals(other.CropFraction),
            string.Create(
                CultureInfo.InvariantCulture,
                $"alignment_run names {generator.Path}, which sees another part of each picture: preprocessing.resize {other.Resize} "
                    + $"and crop_fraction {other.CropFraction}, this run {own.Resize} and {own.CropFraction}. Give both the same."
            )
        );
    }

    private static void CheckTokenizer(RunFolder folder, RunFolder generator, ITokenizer own, ITokenizer other)
    {
        var same = $"Train this run with --set tokenizer_path={generator.Path}; the two must read the same tokens.";
        OptionException.Require(
            string.Equals(own.Kind, other.Kind, StringComparison.Ordinal),
            $"alignment_run names {generator.Path}, whose tokenizer is {other.Kind}, this run's {own.Kind}. Train one of them with "
                + $"the other's kind (--set tokenizer=...), and this run with --set tokenizer_path={generator.Path}."
        );
        OptionException.Require(
            own.VocabularySize == other.VocabularySize,
            $"alignment_run names {generator.Path}, whose vocabulary has {other.VocabularySize} tokens, this run's "
                + $"{own.VocabularySize}. {same}"
        );
        var (first, second) = (Path.Combine(folder.Path, TokenizerFile), Path.Combine(generator.Path, TokenizerFile));
        OptionException.Require(
            File.ReadAllBytes(first).AsSpan().SequenceEqual(File.ReadAllBytes(second)),
            $"alignment_run names {generator.Path}, whose vocabulary has other tokens than this run's, as many as they are. {same}"
        );
    }

    // Asked now with an empty picture, and not when the first batch is half way: a system's own settings decide whether words look at
    // patches. Grids of another size are brought to the levels of the student by averaging (AlignmentGuidedMasking).
    private static void CheckGrid(AttentionAlignment alignment, KaleidoBert student, RunFolder generator, Device device)
    {
        using var scope = NewDisposeScope();
        var present = ones([1], dtype: ScalarType.Bool, device: device);
        var batch = new Batch(
            zeros([1, 3, student.Options.ImageSize, student.Options.ImageSize], device: device),
            Tensors.Full([1, 2], student.Context.EndId, dtype: ScalarType.Int64, device: device),
            ones([1, 2], dtype: ScalarType.Bool, device: device),
            present,
            present
        );
        try
        {
            alignment.Align(batch);
        }
        catch (InvalidOperationException e)
        {
            throw new OptionException(
                $"alignment_run names {generator.Path}, whose words do not attend to a square grid of patches: {e.Message}",
                e
            );
        }
    }
}
