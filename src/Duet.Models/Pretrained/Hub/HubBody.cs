// Reads an answer that is held in memory: a listing or an index.
namespace Duet.Models.Pretrained.Hub;

internal static class HubBody
{
    private const int Maximum = 32 << 20;

    /// <summary>The whole body.</summary>
    /// <exception cref="HubException">It is too long.</exception>
    /// <exception cref="TransientHubException">The connection was cut or fell silent.</exception>
    public static async Task<byte[]> ReadSmallAsync(
        HttpResponseMessage response,
        HubOptions options,
        string what,
        CancellationToken cancellation
    )
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(options.StallTimeout);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
            using var whole = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (
                var count = await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
                count > 0;
                count = await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false)
            )
            {
                whole.Write(buffer, 0, count);
                if (whole.Length > Maximum)
                {
                    throw new HubException($"{what}: the server's listing has more than {Maximum} bytes.");
                }
            }

            return whole.ToArray();
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw new TransientHubException($"the connection was cut ({error.Message}).", error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new TransientHubException($"the listing did not arrive within {options.StallTimeout.TotalSeconds:0.#} s.", error);
        }
    }
}
