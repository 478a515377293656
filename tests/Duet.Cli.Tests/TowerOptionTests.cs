// The choice of towers on the command line.
namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class TowerOptionTests(TrainedRun trained)
{
    [Fact]
    public void Towers_are_settings_like_any_other_and_bring_their_own()
    {
        var settings = trained
            .Run("train", "--list-settings", "--set", "image.tower=resnet", "--set", "image.blocks=1,1", "--set", "text.tower=t5")
            .ShouldEndWith(0)
            .Output;
        settings.ShouldContain("image.tower");
        settings.ShouldContain("options.image.frozen_statistics");
        settings.ShouldContain("options.text.buckets");
        trained.Run("train", "--list-settings").ShouldEndWith(0).Output.ShouldContain("clip-vit");
        trained.Run("train", "--list-settings", "--model", "vit").ShouldEndWith(0).Output.ShouldNotContain("image.tower");
    }

    [Fact]
    public void Wrong_towers_are_wrong_usage()
    {
        Refused("image.tower=vgg").ShouldContain("clip-vit, clip-resnet, vit, resnet");
        Refused("text.tower=gpt").ShouldContain("clip, bert, t5");
        trained
            .Train("towers-refused", "--set", "text.tower=bert", "--set", "context_length=600")
            .ShouldEndWith(2)
            .Error.ShouldContain("text.positions");
    }

    [Fact]
    public void A_run_with_other_towers_is_used_like_any_other()
    {
        trained.Train("other-towers", "--set", "image.tower=resnet", "--set", "text.tower=bert", "--no-explanations").ShouldEndWith(0);
        trained.Run("inspect", "other-towers").ShouldEndWith(0);
        trained
            .Run("explain", "other-towers", "--text", "red leather shoe", "--method", "attention", "--output", "other-explained")
            .ShouldEndWith(0)
            .Output.ShouldContain("leather");

        // Weights of towers that the run was not given are refused by what they are.
        trained
            .Train("mixed-towers", "--pretrained", "other-towers", "--set", "image.tower=vit", "--set", "text.tower=t5")
            .ShouldEndWith(2)
            .Error.ShouldContain("a residual network");
        trained.Train("towers-twice", "--pretrained", "other-towers", "--no-explanations").ShouldEndWith(0);
    }

    private string Refused(string setting) => trained.Train("towers-refused", "--set", setting).ShouldEndWith(2).Error;
}
