// Published weights through the command line: import, inspect, embed, zero-shot, train, compare; and sources that cannot be used.
using System.Text.Json;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class ImportTests(TrainedRun trained)
{
    private static readonly string[] Columns = ["--data", TrainedRun.Table, "--image", "image", "--text", "title"];

    [SkippableFact]
    public void A_hugging_face_clip_becomes_a_run_that_can_be_used()
    {
        PublishedFolders.HuggingFaceClip(In("hf-clip"));
        var imported = trained.Run("import", "hf-clip", "--output", "imported").ShouldEndWith(0);
        imported.Error.ShouldContain("HuggingFaceClip");
        imported.Error.ShouldContain("vision_model.embeddings.position_ids", Case.Sensitive, "what is left out is listed");
        imported.Output.ShouldContain("model clip");

        var told = trained.Run("inspect", "imported").ShouldEndWith(0).Output;
        told.ShouldContain("imported");
        told.ShouldContain("hf-clip");
        told.ShouldContain("exact");
        told.ShouldNotContain("epochs");
        using (var summary = JsonDocument.Parse(trained.Run("inspect", "imported", "--json").ShouldEndWith(0).Output))
        {
            var import = summary.RootElement.GetProperty("import");
            import.GetProperty("source").GetString().ShouldBe("hf-clip");
            import.GetProperty("loaded").GetArrayLength().ShouldBeGreaterThan(20);
            summary.RootElement.GetProperty("complete").GetBoolean().ShouldBeTrue();
        }

        trained.Run(["embed", "imported", .. Columns, "--output", "imported.npy"]).ShouldEndWith(0).Output.ShouldContain("160 rows");
        using var figures = JsonDocument.Parse(
            trained.Run(["zero-shot", "imported", .. Columns, "--task", "category", "--json"]).ShouldEndWith(0).Output
        );
        figures.RootElement.GetProperty("tasks").GetProperty("category").GetProperty("accuracy").GetDouble().ShouldBeInRange(0, 1);
        var again = trained.Run("import", "hf-clip", "--output", "imported").ShouldEndWith(1);
        again.Error.ShouldContain("not empty");
    }

    [SkippableFact]
    public void Training_and_comparing_start_from_published_weights_and_a_resumed_run_needs_them_no_more()
    {
        PublishedFolders.HuggingFaceClip(In("source"));
        string[] train =
        [
            "train",
            .. Columns,
            "--task",
            "color",
            "--split-column",
            "split",
            "--pretrained",
            "source",
            "--epochs",
            "12",
            "--batch-size",
            "32",
            "--threads",
            "1",
            "--set",
            "checkpoint_minutes=0.01",
            "--output",
            "fine-tuned",
        ];
        using (var process = CliProcess.Start(trained.Folder, train))
        {
            process.WaitFor("epoch  1/12").ShouldBeTrue(process.Error);
            process.Interrupt();
            process.Wait().ShouldEndWith(130);
        }

        Directory.Move(In("source"), In("source-moved"));
        trained.Run("train", "--output", "fine-tuned", "--resume").ShouldEndWith(0);
        using var summary = JsonDocument.Parse(trained.Run("inspect", "fine-tuned", "--json").ShouldEndWith(0).Output);
        var settings = summary.RootElement.GetProperty("settings");
        settings.GetProperty("training.pretrained").GetString().ShouldBe("source");
        settings.GetProperty("options.image_size").GetString().ShouldBe("48");
        settings.GetProperty("options.preprocessing.mode").GetString().ShouldBe("exact");
        trained.Run("evaluate", "fine-tuned", "--data", TrainedRun.Table, "--split", "test").ShouldEndWith(0);

        trained
            .Run([
                "compare",
                "--models",
                "cma-clip,clip",
                .. Columns,
                "--task",
                "color",
                "--split-column",
                "split",
                "--pretrained",
                "source-moved",
                "--epochs",
                "1",
                "--batch-size",
                "32",
                "--threads",
                "1",
                "--seeds",
                "1",
                "--output",
                "compared",
            ])
            .ShouldEndWith(0)
            .Output.ShouldContain("  clip ");
    }

    [SkippableFact]
    public void Open_clip_and_bert_folders_are_read_too()
    {
        PublishedFolders.OpenClip(In("open-clip"));
        trained
            .Run("import", "open-clip", "--output", "opened", "--preprocessing", "fast")
            .ShouldEndWith(0)
            .Error.ShouldContain("OpenClip");
        using (var summary = JsonDocument.Parse(trained.Run("inspect", "opened", "--json").ShouldEndWith(0).Output))
        {
            var settings = summary.RootElement.GetProperty("settings");
            settings.GetProperty("options.preprocessing.resize").GetString().ShouldBe("squash");
            settings.GetProperty("options.preprocessing.interpolation").GetString().ShouldBe("bilinear");
            settings.GetProperty("options.preprocessing.mode").GetString().ShouldBe("fast");
        }

        trained
            .Run("zero-shot", "opened", "--labels", "shoe,bag", "--image", Path.Combine("catalogue", "images", "000001.jpg"))
            .ShouldEndWith(0);

        PublishedFolders.Bert(In("hf-bert"));
        trained.Run("import", "hf-bert", "--output", "texts").ShouldEndWith(0).Error.ShouldContain("cls.predictions.decoder.weight");
        trained.Run("embed", "texts", "--data", TrainedRun.Table, "--text", "title", "--output", "texts.jsonl").ShouldEndWith(0);
        trained.Run("zero-shot", "texts", "--labels", "shoe,bag", "--text", "a red shoe").ShouldEndWith(1).Error.ShouldContain("zero-shot");
    }

    [SkippableFact]
    public void Names_that_are_missing_or_unknown_are_listed()
    {
        PublishedFolders.HuggingFaceClip(In("lacking"), state => state.Remove("text_model.final_layer_norm.weight"));
        Refused("lacking").ShouldContain("text.ln_final.weight");
        PublishedFolders.HuggingFaceClip(In("strange"), state => state["vision_model.registers"] = zeros([4]));
        Refused("strange").ShouldContain("vision_model.registers");
        PublishedFolders.HuggingFaceClip(In("misshapen"), state => state["logit_scale"] = zeros([3]));
        Refused("misshapen").ShouldContain("logit_scale");
    }

    [SkippableFact]
    public void Sources_that_cannot_be_used_are_told()
    {
        trained.Run("import", "nowhere", "--output", "refused").ShouldEndWith(2).Error.ShouldContain("nowhere");
        trained.Run("import", "nowhere").ShouldEndWith(2).Error.ShouldContain("--output");
        Refused("catalogue").ShouldContain("holds no weights");

        PublishedFolders.HuggingFaceClip(In("broken"));
        File.WriteAllText(Path.Combine(In("broken"), "config.json"), """{"model_type": "gpt2"}""");
        Refused("broken").ShouldContain("gpt2");
        File.WriteAllText(Path.Combine(In("broken"), "config.json"), "{");
        Refused("broken").ShouldContain("config.json");

        PublishedFolders.HuggingFaceClip(In("cut"));
        using (var weights = File.OpenWrite(Path.Combine(In("cut"), "model.safetensors")))
        {
            weights.SetLength(weights.Length - 100);
        }

        Refused("cut").ShouldContain("model.safetensors");

        PublishedFolders.HuggingFaceClip(In("wordless"));
        File.Delete(Path.Combine(In("wordless"), "tokenizer.json"));
        Refused("wordless").ShouldContain("--tokenizer");
        trained.Run("import", "wordless", "--output", "refused", "--tokenizer", "run").ShouldEndWith(1).Error.ShouldContain("ids");
        Directory.Exists(In("refused")).ShouldBeFalse();
        trained
            .Run(["train", .. Columns, "--task", "color", "--pretrained", "nowhere", "--output", "refused"])
            .ShouldEndWith(2)
            .Error.ShouldContain("nowhere");
    }

    private string In(string name) => Path.Combine(trained.Folder, name);

    private string Refused(string source)
    {
        var error = trained.Run("import", source, "--output", "refused").ShouldEndWith(1).Error;
        Directory.Exists(In("refused")).ShouldBeFalse();
        error.ShouldNotContain("Unexpected error");
        return error;
    }
}
