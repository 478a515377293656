// The words for what a job lost: why it stops, or what it continued without.
namespace Duet.Data;

/// <summary>Messages about losses.</summary>
internal static class LossMessage
{
    private const int ReasonsShown = 3;

    /// <summary>Why a job stops: the shares beyond the limit, the commonest reasons with an example each, and what to do.</summary>
    public static string Stop(LossLimit limit, Losses losses, Quarantine quarantine, string table)
    {
        var reasons = quarantine
            .Counts.Where(reason => Quarantine.IsLoss(reason.Key))
            .OrderByDescending(reason => reason.Value)
            .Take(ReasonsShown)
            .ToArray();
        var entries = quarantine.Entries;
        string[] lines =
        [
            $"{table}: {string.Join("; ", Parts(limit, losses, beyond: true))}. {Bound(limit)}, so the job stops.",
            .. reasons.Select(reason =>
                $"  {reason.Value} x {Quarantine.NameOf(reason.Key)}{Example(entries.FirstOrDefault(entry => entry.Reason == reason.Key))}"
            ),
            .. limit.List is { } list ? [$"All are listed in {list}."] : (string[])[],
            $"{Advice([.. reasons.Select(reason => reason.Key)])} Or accept the loss with --max-lost 1 (MaxLost in C#).",
        ];
        return string.Join('\n', lines);
    }

    /// <summary>What was lost within the limit.</summary>
    public static string Told(LossLimit limit, Losses losses)
    {
        var bound =
            limit.MaxLost >= 1 ? "all of it was accepted (--max-lost 1)" : $"{char.ToLowerInvariant(Bound(limit)[0])}{Bound(limit)[1..]}";
        return $"Lost: {string.Join("; ", Parts(limit, losses, beyond: false))}; "
            + $"{bound}.{(limit.List is { } list ? $" See {list}." : string.Empty)}";
    }

    private static IEnumerable<string> Parts(LossLimit limit, Losses losses, bool beyond)
    {
        (string What, LossCount Lost, LossCount Training)[] kinds =
        [
            ("pictures missing", losses.Pictures, limit.Training.Pictures),
            ("rows lost", losses.Rows, limit.Training.Rows),
        ];
        return kinds
            .Where(kind => beyond ? !limit.Allows(kind.Lost, kind.Training) : kind.Lost.Lost > 0)
            .Select(kind =>
                $"{kind.What} {kind.Lost.Percent} ({kind.Lost.Lost} of "
                + $"{kind.Lost.Seen}{(kind.Training.Lost > 0 ? $"; in training {kind.Training.Percent}" : string.Empty)})"
            );
    }

    private static string Bound(LossLimit limit) =>
        $"At most {LossCount.Describe(limit.MaxLost)}{(limit.Training.Any ? " more than in training" : string.Empty)} may be lost "
        + $"(--max-lost)";

    // The list of entries is capped, so that a rare reason may have none.
    private static string Example(QuarantineEntry? entry) =>
        entry is null ? string.Empty : $", for instance row {entry.Row}: {entry.Detail}";

    // For the commonest reason that something general can be said about; the examples say the rest.
    private static string Advice(QuarantineReason[] reasons)
    {
        foreach (var reason in reasons)
        {
            var advice = reason switch
            {
                QuarantineReason.ImageList => PictureList.Advice,
                QuarantineReason.ImageMissing =>
                    "Picture paths are relative to the folder of the table: put the pictures there, or correct the paths.",
                QuarantineReason.InvalidEncoding => "Name the table's encoding with --encoding, or save it as UTF-8.",
                QuarantineReason.UnknownSplit =>
                    "The split column must say train, val or test (or validation, dev, ...): correct it, or remove rows that belong "
                        + "to no split from the table.",
                QuarantineReason.FieldCount or QuarantineReason.MalformedRow =>
                    "Correct the rows; a delimiter other than the usual one is named with --delimiter.",
                _ => null,
            };
            if (advice is not null)
            {
                return advice;
            }
        }

        return "Correct the files or rows.";
    }
}
