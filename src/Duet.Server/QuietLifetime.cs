// A host that leaves signals to the program it runs in.
using Microsoft.Extensions.Hosting;

namespace Duet.Server;

/// <summary>Takes the place of ASP.NET Core's own lifetime, which would answer signals beside the program and write to its
/// console.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
