// Who wants to know how batches go.
namespace Duet.Server.Batching;

/// <summary>Told about every batch, from the threads that work on them.</summary>
internal interface IBatchObserver
{
    /// <summary>An item left the queue for its batch.</summary>
    void Waited(TimeSpan time);

    /// <summary>A batch was worked on.</summary>
    void Ran(int items, TimeSpan time);
}
