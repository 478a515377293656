// An answer of the fake hub, cut short where asked.
namespace Duet.Tests.Pretrained.Hub;

internal sealed record FakeResponse(int Status, byte[] Body, params (string Name, string Value)[] Headers)
{
    /// <summary>Close the connection after this many bytes of the body.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Send the headers and the bytes up to <see cref="CutAfter"/>, then nothing more for a while.</summary>
    public bool Stall { get; init; }

    public static FakeResponse Empty(int status, params (string Name, string Value)[] headers) => new(status, [], headers);
}
