// How a command ended.
namespace Duet.Cli.Tests;

/// <summary>A finished command.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record CliResult(int Code, string Output, string Error)
{
    /// <summary>Fails with everything the command wrote unless it ended with this code.</summary>
    public CliResult ShouldEndWith(int code, string why = "")
    {
        Code.ShouldBe(code, $"{why}\noutput: {Output}\nerror: {Error}");
        return this;
    }
}
