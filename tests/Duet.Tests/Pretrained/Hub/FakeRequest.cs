// A request as the fake hub saw it.
namespace Duet.Tests.Pretrained.Hub;

internal sealed record FakeRequest(string Host, string Method, string Target, IReadOnlyDictionary<string, string> Headers)
{
    public string Path => Target.Split('?')[0];

    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value : null;
}
