// The copy of TorchSharp's library that older systems load. On such a system every other test of this project runs on it.
using System.Text;
using Duet.Torch.Loading;

namespace Duet.Torch.Tests;

public sealed class OlderStandardLibraryTests
{
    private static readonly DllNotFoundException Cause = new("version `GLIBCXX_3.4.32' not found");

    [SkippableFact]
    public void The_marker_is_asked_for_no_more_and_little_else_changes()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        Skip.IfNot(File.Exists(path), "only on Linux");
        var original = File.ReadAllBytes(path);
        var changed = (byte[])original.Clone();
        OlderStandardLibrary.Change(changed);
        var named = original.AsSpan().IndexOf("_ZSt21ios_base_library_initv"u8);
        named.ShouldBePositive();
        changed
            .AsSpan(named)
            .StartsWith("_ZSt18uncaught_exceptionv\0"u8)
            .ShouldBeTrue("the loader reads this name; the one for debuggers may stay");
        original.Zip(changed).Count(pair => pair.First != pair.Second).ShouldBeLessThan(48, "one name, one version number, one entry");
    }

    [Fact]
    public void A_file_that_is_not_known_is_never_changed_and_the_error_says_what_helps()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "another library", Encoding.ASCII);
            var error = Should.Throw<DllNotFoundException>(() => OlderStandardLibrary.Load(path, Cause));
            error.Message.ShouldContain("Debian 13");
            error.Message.ShouldContain("GLIBCXX_3.4.32");
            error.InnerException.ShouldBe(Cause);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Only_the_missing_version_is_a_reason()
    {
        OlderStandardLibrary.IsCauseOf(Cause).ShouldBeTrue();
        OlderStandardLibrary.IsCauseOf(new DllNotFoundException("libtorch.so: cannot open shared object file")).ShouldBeFalse();
    }
}
