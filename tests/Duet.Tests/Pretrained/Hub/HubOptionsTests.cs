// Settings from the environment.
using Duet.Models.Pretrained.Hub;

namespace Duet.Tests.Pretrained.Hub;

public sealed class HubOptionsTests
{
    [Fact]
    public void The_environment_of_the_hubs_own_tools_is_understood()
    {
        var options = From(
            ("HF_ENDPOINT", "https://mirror.example/hf"),
            ("HF_HUB_CACHE", "/c"),
            ("HF_TOKEN", " t "),
            ("HF_HUB_OFFLINE", "true")
        );
        options.BaseAddress.ShouldBe(new Uri("https://mirror.example/hf/"));
        options.CacheFolder.ShouldBe(Path.GetFullPath("/c"));
        options.Token.ShouldBe("t");
        options.Offline.ShouldBeTrue();
    }

    [Fact]
    public void Defaults_are_those_of_the_hubs_own_tools()
    {
        var options = From();
        options.BaseAddress.ShouldBe(new Uri("https://huggingface.co/"));
        options.CacheFolder.ShouldEndWith(Path.Combine(".cache", "huggingface", "hub"));
        options.Token.ShouldBeNull();
        options.Offline.ShouldBeFalse();
        From(("HF_HOME", "/h")).CacheFolder.ShouldBe(Path.GetFullPath("/h/hub"));
        From(("XDG_CACHE_HOME", "/x")).CacheFolder.ShouldBe(Path.GetFullPath("/x/huggingface/hub"));
        From(("HF_HUB_OFFLINE", "0")).Offline.ShouldBeFalse();
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("ftp://example.org")]
    [InlineData("https://user:secret@example.org")]
    [InlineData("https://example.org/?q=1")]
    public void Addresses_that_cannot_be_used_are_refused(string address) =>
        Should.Throw<ArgumentException>(() => From(("HF_ENDPOINT", address)));

    private static HubOptions From(params (string Name, string Value)[] variables) =>
        HubOptions.FromEnvironment(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
