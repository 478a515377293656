// SigLIP in both published layouts through the command line: import, inspect, zero-shot, embed, train, evaluate.
using System.Text.Json;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class SigLipTests(TrainedRun trained)
{
    private static readonly string[] Columns = ["--data", TrainedRun.Table, "--image", "image", "--text", "title"];

    [SkippableFact]
    public void A_hugging_face_siglip_embeds_and_classifies_by_words()
    {
        PublishedFolders.HuggingFaceSigLip(In("hf-siglip"));
        var imported = trained.Run("import", "hf-siglip", "--output", "siglip").ShouldEndWith(0);
        imported.Error.ShouldContain("HuggingFaceSigLip");
        imported.Output.ShouldContain("model siglip");
        Uses("siglip", squash: true, rgbFirst: "true");

        string[] train = ["train", .. Columns, "--task", "color", "--split-column", "split", "--threads", "1", "--batch-size", "32"];
        trained
            .Run([.. train, "--model", "siglip", "--pretrained", "hf-siglip", "--epochs", "1", "--output", "tuned-siglip"])
            .ShouldEndWith(0);
        trained.Run("evaluate", "tuned-siglip", "--data", TrainedRun.Table, "--split", "test").ShouldEndWith(0);
        trained.Run("import", "tuned-siglip", "--output", "siglip-towers").ShouldEndWith(0).Error.ShouldContain("DuetRun");
    }

    [SkippableFact]
    public void An_open_clip_siglip_embeds_and_classifies_by_words()
    {
        PublishedFolders.OpenClipSigLip(In("open-siglip"));
        trained.Run("import", "open-siglip", "--output", "opened-siglip").ShouldEndWith(0).Error.ShouldContain("OpenClipSigLip");
        Uses("opened-siglip", squash: true, rgbFirst: "false");
    }

    private void Uses(string run, bool squash, string rgbFirst)
    {
        using (var summary = JsonDocument.Parse(trained.Run("inspect", run, "--json").ShouldEndWith(0).Output))
        {
            var settings = summary.RootElement.GetProperty("settings");
            string Setting(string name) => settings.GetProperty($"options.{name}").GetString()!;
            Setting("tokenizer").ShouldBe("siglip");
            Setting("preprocessing.resize").ShouldBe(squash ? "squash" : "shortest");
            Setting("preprocessing.interpolation").ShouldBe("bicubic");
            Setting("preprocessing.rgb_first").ShouldBe(rgbFirst);
            Setting("preprocessing.mode").ShouldBe("exact");
        }

        trained.Run(["embed", run, .. Columns, "--output", $"{run}.npy"]).ShouldEndWith(0).Output.ShouldContain("160 rows");
        using (
            var figures = JsonDocument.Parse(
                trained.Run(["zero-shot", run, .. Columns, "--task", "category", "--json"]).ShouldEndWith(0).Output
            )
        )
        {
            figures.RootElement.GetProperty("tasks").GetProperty("category").GetProperty("accuracy").GetDouble().ShouldBeInRange(0, 1);
        }

        trained
            .Run("zero-shot", run, "--labels", "shoe,bag,hat", "--image", Path.Combine("catalogue", "images", "000001.jpg"))
            .ShouldEndWith(0)
            .Output.ShouldContain("label");
    }

    private string In(string name) => Path.Combine(trained.Folder, name);
}
