// Categorical features and T5 as a text tower, from training to explanations, as users call them.
using System.Text.Json;
using Duet.Models.Encoders;
using Duet.Runs;
using Duet.Tests.Pretrained;
using Duet.Tests.Text;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class FeatureTests(TrainedRun trained)
{
    private const int Padding = 14;

    private static readonly string Picture = Path.Combine("catalogue", "images", "000001.jpg");

    [Fact]
    public void A_feature_and_a_published_t5_go_through_every_verb()
    {
        WriteT5(Path.Combine(trained.Folder, "t5"));
        string[] train =
        [
            .. Train("featured", "embracenet"),
            "--feature",
            "category",
            "--pretrained",
            "t5",
            "--set",
            "freeze_text=true",
            "--set",
            "image_size=32",
            "--set",
            "context_length=24",
        ];
        trained.Run(train).ShouldEndWith(0);
        using (var features = JsonDocument.Parse(File.ReadAllText(Path.Combine(trained.Folder, "featured", "features.json"))))
        {
            var feature = features.RootElement.GetProperty("features")[0];
            feature.GetProperty("column").GetString().ShouldBe("category");
            feature.GetProperty("values")[0].GetString().ShouldBe("unknown");
        }

        var settings = trained.Run("inspect", "featured", "--settings").ShouldEndWith(0).Output;
        settings.ShouldContain("data.feature_columns = category");
        settings.ShouldContain("options.text_encoder = t5");
        trained.Run("evaluate", "featured", "--data", TrainedRun.Table, "--split", "test").ShouldEndWith(0);
        trained.Run("embed", "featured", "--data", TrainedRun.Table, "--output", "featured.npy").ShouldEndWith(0);
        trained
            .Run("robustness", "featured", "--data", TrainedRun.Table, "--split", "test", "--sample", "10", "--corruption", "missing_text")
            .ShouldEndWith(0);
        trained
            .Run(
                "explain",
                "featured",
                "--image",
                Picture,
                "--text",
                "red leather shoe",
                "--feature",
                "category=shoe",
                "--method",
                "gradient",
                "--output",
                "explained-features"
            )
            .ShouldEndWith(0);
        trained.Run([.. train, "--resume"]).ShouldEndWith(0).Error.ShouldContain("finished already");

        // A certificate belongs to the features that were known as well.
        trained
            .Run("calibrate", "featured", "--data", TrainedRun.Table, "--precision", "0.05", "--confidence", "0.5")
            .ShouldEndWith(0)
            .Output.ShouldContain("picture alone, category known");
        Inputs("--feature", "category=shoe").ShouldBe("text alone, category known");
        Inputs().ShouldBe("text alone");

        string Inputs(params string[] features)
        {
            using var answer = JsonDocument.Parse(
                trained.Run(["predict", "featured", "--text", "red leather shoe", .. features, "--json"]).ShouldEndWith(0).Output
            );
            answer.RootElement.GetProperty("novelty").ValueKind.ShouldBe(JsonValueKind.Object, "every combination is certified");
            return answer.RootElement.GetProperty("inputs").GetString()!;
        }
    }

    [Fact]
    public void Empty_and_new_values_count_as_unknown_and_a_table_may_lack_the_column()
    {
        trained.Run([.. Train("sourced", "embracenet"), "--feature", "category"]).ShouldEndWith(0);
        var table = Path.Combine(trained.Folder, "other.csv");
        File.WriteAllText(table, "id,title,image,category\n1,red shoe,,shoe\n2,red shoe,,\n3,red shoe,,spaceship\n");
        var predicted = trained.Run("predict", "sourced", "--data", table, "--output", "with.csv").ShouldEndWith(0);
        predicted.Error.ShouldContain("never seen in training");
        predicted.Error.ShouldContain("spaceship");
        var rows = Rows("with.csv");
        rows[1].ShouldBe(rows[2], "an empty value and a new one are the same");

        File.WriteAllText(table, "id,title,image\n1,red shoe,\n2,red shoe,\n3,red shoe,\n");
        trained.Run("predict", "sourced", "--data", table, "--output", "x.csv").ShouldEndWith(2).Error.ShouldContain("category");
        trained.Run("predict", "sourced", "--data", table, "--without-features", "--output", "without.csv").ShouldEndWith(0);
        Rows("without.csv")[0].ShouldBe(rows[1]);

        var one = Answer("--text", "red shoe");
        Answer("--text", "red shoe", "--feature", "category=spaceship").ShouldBe(one);
        trained
            .Run("predict", "sourced", "--text", "red shoe", "--feature", "origin=here")
            .ShouldEndWith(1)
            .Error.ShouldContain("category");
        trained
            .Run("predict", "sourced", "--text", "red shoe", "--feature", "category")
            .ShouldEndWith(2)
            .Error.ShouldContain("COLUMN=VALUE");
        trained.Run("predict", "run", "--text", "red shoe", "--feature", "origin=here").ShouldEndWith(1).Error.ShouldContain("no features");

        string[] Rows(string file) =>
            [
                .. File.ReadAllLines(Path.Combine(trained.Folder, file))
                    .Skip(1)
                    .Select(line => line[(line.IndexOf(',', StringComparison.Ordinal) + 1)..]),
            ];

        string Answer(params string[] product) => trained.Run(["predict", "sourced", .. product, "--json"]).ShouldEndWith(0).Output;
    }

    [Fact]
    public void What_cannot_be_is_refused_before_anything_is_trained()
    {
        var refused = trained.Run([.. Train("x", "cma-clip"), "--feature", "category"]).ShouldEndWith(2).Error;
        refused.ShouldContain("cma-clip takes pictures and texts only");
        refused.ShouldContain("embracenet");
        trained.Run([.. Train("x", "embracenet"), "--feature", "color"]).ShouldEndWith(2).Error.ShouldContain("would see the answer");
        trained.Run([.. Train("x", "embracenet"), "--feature", "origin"]).ShouldEndWith(2).Error.ShouldContain("origin");
        trained
            .Run(
                "compare",
                "--models",
                "embracenet,clip",
                "--data",
                TrainedRun.Table,
                "--text",
                "title",
                "--image",
                "image",
                "--task",
                "color",
                "--feature",
                "category",
                "--preset",
                "tiny",
                "--epochs",
                "1",
                "--output",
                "compared-features"
            )
            .ShouldEndWith(2)
            .Error.ShouldContain("clip takes pictures and texts only");
        Directory.Exists(Path.Combine(trained.Folder, "x")).ShouldBeFalse();
    }

    private static string[] Train(string run, string model) =>
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
            "--epochs",
            "1",
            "--batch-size",
            "32",
            "--threads",
            "1",
            "--no-report",
            "--output",
            run,
        ];

    private static void WriteT5(string folder)
    {
        Directory.CreateDirectory(folder);
        var rows = SentencePieceFile.SmallT5.Length + Padding;
        var shape = new T5Options
        {
            Width = 16,
            Layers = 2,
            Heads = 2,
            HeadWidth = 8,
            MlpWidth = 24,
        };
        using var scope = NewDisposeScope();
        using var encoder = new T5Encoder(shape, rows);
        StateFile.Save(Path.Combine(folder, "model.safetensors"), PublishedState.HuggingFaceT5(encoder.NamedState()));
        SentencePieceFile.Write(Path.Combine(folder, "spiece.model"), SentencePieceFile.SmallT5);
        File.WriteAllText(
            Path.Combine(folder, "config.json"),
            JsonSerializer.Serialize(
                new
                {
                    model_type = "mt5",
                    d_model = 16,
                    num_layers = 2,
                    num_heads = 2,
                    d_kv = 8,
                    d_ff = 24,
                    feed_forward_proj = "gated-gelu",
                    vocab_size = rows,
                }
            )
        );
    }
}
