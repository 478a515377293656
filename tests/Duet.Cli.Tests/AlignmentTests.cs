// Kaleido-BERT's pre-training guided by a captioner of the house, through the command line.
namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class AlignmentTests(TrainedRun trained)
{
    [Fact]
    public void A_trained_captioner_guides_the_masking()
    {
        trained.Run(Train("captioner", "coca", "--set", "tokenizer=wordpiece")).ShouldEndWith(0);
        trained
            .Run(Train("guided", "kaleidobert", "--set", "alignment_run=captioner", "--set", "tokenizer_path=captioner"))
            .ShouldEndWith(0);
        trained.Run("inspect", "guided", "--settings").ShouldEndWith(0).Output.ShouldContain("options.alignment_run = captioner");
        trained.Run(Train("random", "kaleidobert", "--set", "tokenizer_path=captioner")).ShouldEndWith(0);
        var (guided, random) = (File.ReadAllBytes(trained.Weights("guided")), File.ReadAllBytes(trained.Weights("random")));
        guided.SequenceEqual(random).ShouldBeFalse("the alignment changes what is masked, and so what is learned");

        trained
            .Run(
                Train(
                    "refused",
                    "kaleidobert",
                    "--set",
                    "alignment_run=captioner",
                    "--set",
                    "tokenizer_path=captioner",
                    "--set",
                    "image_size=64"
                )
            )
            .ShouldEndWith(2)
            .Error.ShouldContain("image_size");
        trained
            .Run(
                Train(
                    "refused-too",
                    "kaleidobert",
                    "--set",
                    "alignment_run=captioner",
                    "--set",
                    "tokenizer_path=captioner",
                    "--set",
                    "context_length=40"
                )
            )
            .ShouldEndWith(2)
            .Error.ShouldContain("context_length");
        trained
            .Run(Train("refused-by-stage", "kaleidobert", "--set", "alignment_run=captioner", "--set", "tokenizer=clip-bpe"))
            .ShouldEndWith(2)
            .Error.ShouldContain("mask token");
        trained.Run(Train("other-captioner", "coca")).ShouldEndWith(0);
        trained
            .Run(Train("refused-by-kind", "kaleidobert", "--set", "alignment_run=other-captioner"))
            .ShouldEndWith(2)
            .Error.ShouldContain("whose tokenizer is clip-bpe, this run's wordpiece");
        trained
            .Run(Train("refused-last", "kaleidobert", "--set", "alignment_run=nowhere", "--set", "tokenizer_path=captioner"))
            .ShouldEndWith(1)
            .Error.ShouldContain("nowhere");
    }

    private static string[] Train(string run, string model, params string[] more) =>
        [
            "train",
            "--model",
            model,
            "--data",
            TrainedRun.Table,
            "--text",
            "title",
            "--image",
            "image",
            "--task",
            "color",
            "--split-column",
            "split",
            "--preset",
            "tiny",
            "--pretrain-epochs",
            "1",
            "--epochs",
            "1",
            "--batch-size",
            "32",
            "--threads",
            "1",
            "--output",
            run,
            .. more,
        ];
}
