// Which trained runs may guide Kaleido-BERT's masking, and what is said of the others.
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Runs;
using Duet.Tests.Explanation;
using Duet.Tests.Models;
using Duet.Text;
using Duet.Torch;
using Duet.Training;
using Duet.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Training;

[Collection(RandomNumbersCollection.Name)]
public sealed class AlignmentTeacherTests
{
    private static readonly TrainingOptions Pretraining = new() { PretrainEpochs = 1 };

    public static TheoryData<string, string> Mismatches =>
        new()
        {
            { "tokenizer", "whose tokenizer is clip-bpe, this run's wordpiece" },
            { "image_size", "pictures of 32 pixels, this run 48" },
            { "context_length", "reads 12 tokens, this run 24" },
            { "modalities", "uses one input alone (modalities Text)" },
            { "preprocessing", "preprocessing.resize Squash and crop_fraction 1, this run Shortest and 1" },
        };

    [Theory]
    [InlineData("coca", 8)]
    [InlineData("coca", 16)]
    [InlineData("cma-clip", 8)]
    public void A_teacher_of_the_same_tokens_and_pictures_guides_whatever_its_grid(string system, int patch)
    {
        using var scope = NewDisposeScope();
        using var generator = new SystemRun(
            system,
            options => WithPatch(options with { Tokenizer = WordPiece.KindName, ImageSize = 48, ContextLength = 24 }, patch)
        );
        using var run = new SystemRun("kaleidobert");
        using var student = Student(run, generator.Run);
        using var teacher = AlignmentTeacher.GiveTo(student, new RunFolder(run.Run), Pretraining, CPU);
        teacher.ShouldNotBeNull();
        var batch = ContractBatches.Make(student.Options, 4, seed: 1) with
        {
            TokenIds = full([4, 16], student.Context.EndId, dtype: ScalarType.Int64),
        };
        var grid = 48 / patch;
        student.Alignment!.Align(batch).shape.ShouldBe([4, 16, grid * grid]);
        student.train();
        student.PretrainingLoss(batch).isfinite().all().ToBoolean().ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Mismatches))]
    public void What_differs_is_named(string what, string complaint)
    {
        using var scope = NewDisposeScope();
        using var generator = new SystemRun("coca", options => Other(options with { Tokenizer = WordPiece.KindName }, what));
        using var run = new SystemRun("kaleidobert");
        using var student = Student(run, generator.Run);
        var message = Should
            .Throw<OptionException>(() => AlignmentTeacher.GiveTo(student, new RunFolder(run.Run), Pretraining, CPU))
            .Message;
        message.ShouldContain(complaint);
        message.ShouldContain(generator.Run);
        student.Alignment.ShouldBeNull();
    }

    [Theory]
    [InlineData(180, "vocabulary has")]
    [InlineData(0, "other tokens than this run's")]
    public void Another_vocabulary_of_the_same_kind_is_refused(int size, string complaint)
    {
        using var scope = NewDisposeScope();
        using var generator = new SystemRun("coca", options => options with { Tokenizer = WordPiece.KindName });
        using var run = new SystemRun("kaleidobert");
        using var student = Student(run, generator.Run);
        var own = new RunFolder(run.Run).LoadTokenizer();
        string[] texts = size == 0 ? ["a red shoe of leathes", "a blue shirt of cotton", "a green bag number"] : ["a b"];
        var other = WordPieceTrainer.Train(texts, new WordPieceTrainerOptions { VocabularySize = size == 0 ? own.VocabularySize : size });
        if (size == 0)
        {
            other.VocabularySize.ShouldBe(own.VocabularySize, "the case needs two vocabularies of one size");
        }

        other.Save(run.Run);
        Should
            .Throw<OptionException>(() => AlignmentTeacher.GiveTo(student, new RunFolder(run.Run), Pretraining, CPU))
            .Message.ShouldContain(complaint);
    }

    [Fact]
    public void A_system_whose_words_look_at_no_patches_is_refused()
    {
        using var scope = NewDisposeScope();
        using var generator = new SystemRun("bert");
        using var run = new SystemRun("kaleidobert");
        using var student = Student(run, generator.Run);
        Should
            .Throw<OptionException>(() => AlignmentTeacher.GiveTo(student, new RunFolder(run.Run), Pretraining, CPU))
            .Message.ShouldContain("name a run of coca");
        AlignmentTeacher
            .GiveTo(student, new RunFolder(run.Run), new TrainingOptions(), CPU)
            .ShouldBeNull("nothing is masked without pre-training");
    }

    private static KaleidoBert Student(SystemRun run, string teacher)
    {
        var folder = new RunFolder(run.Run);
        var options = (KaleidoBertOptions)folder.LoadConfiguration().Options with { AlignmentRun = teacher };
        return new KaleidoBert(options, ModelContext.From(folder.LoadSchema(), folder.LoadTokenizer()));
    }

    private static ModelOptions WithPatch(ModelOptions options, int patch) =>
        options switch
        {
            CoCaOptions coca => coca with { Image = coca.Image with { PatchSize = patch } },
            CmaClipOptions cma => cma with { Image = (VisionTransformerOptions)cma.Image with { PatchSize = patch } },
            _ => options,
        };

    private static ModelOptions Other(ModelOptions options, string what) =>
        what switch
        {
            "tokenizer" => options with { Tokenizer = ClipBpe.KindName },
            "image_size" => options with { ImageSize = 32 },
            "context_length" => options with { ContextLength = 12 },
            "modalities" => options with { Modalities = InputModalities.Text },
            _ => options with { Preprocessing = options.Preprocessing with { Resize = ResizeMode.Squash } },
        };
}
