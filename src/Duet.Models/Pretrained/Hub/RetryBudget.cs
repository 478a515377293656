// Counts failures in a row.
namespace Duet.Models.Pretrained.Hub;

internal sealed class RetryBudget(int retries)
{
    private long _furthest;

    /// <summary>The failures since the last progress.</summary>
    public int Spent { get; private set; }

    /// <summary>Takes one retry; false where none is left.</summary>
    public bool Spend() => ++Spent <= retries;

    /// <summary>
    /// A file has grown to a length. Where that is further than ever before, earlier failures no longer count;
    /// a server that starts again after every cut and never gets further uses up the budget.
    /// </summary>
    public void Progress(long length)
    {
        if (length > _furthest)
        {
            (_furthest, Spent) = (length, 0);
        }
    }
}
