// How much of a table may be lost before a job stops.
using System.Globalization;
using System.Text.Json.Serialization;

namespace Duet.Data;

/// <summary>
/// A limit on what a job may lose beyond what the run lost when it was trained. It is looked at once after the first
/// <see cref="FirstLook"/> rows, so that a job over a wrong column or folder does not run for hours, and at the end.
/// </summary>
public sealed record LossLimit
{
    /// <summary>The share that may be lost unless said otherwise: beyond 5 % people would want to know before they use the
    /// result.</summary>
    public const double DefaultShare = 0.05;

    /// <summary>After how many rows the limit is looked at first.</summary>
    public const int FirstLook = 1000;

    /// <summary>No limit, for jobs over what another one has judged already.</summary>
    internal static LossLimit Off { get; } = new() { MaxLost = 1 };

    /// <summary>The share of rows, and of pictures, that may be lost beyond the share that training lost: 0 to 1, where 1 accepts
    /// everything.</summary>
    public double MaxLost { get; init; } = DefaultShare;

    /// <summary>What training lost; <see cref="Losses.None"/> for training itself.</summary>
    public Losses Training { get; init; } = Losses.None;

    /// <summary>Where the list of all that was set aside will be; null where it is written nowhere.</summary>
    internal string? List { get; init; }

    /// <summary>Checks the range.</summary>
    /// <exception cref="OptionException"><see cref="MaxLost"/> is outside its range.</exception>
    public void Validate() =>
        OptionException.Require(
            MaxLost is >= 0 and <= 1,
            $"{nameof(MaxLost)} is {MaxLost}; it is a share from 0 to 1, for instance 0.05, where 1 accepts every loss."
        );

    /// <summary>Whether so much may be lost.</summary>
    public bool Allows(Losses losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        return Allows(losses.Rows, Training.Rows) && Allows(losses.Pictures, Training.Pictures);
    }

    /// <summary>Stops a job that loses more.</summary>
    /// <param name="quarantine">What was set aside, and how much there was.</param>
    /// <param name="table">The table.</param>
    /// <exception cref="TableException">More is lost; the message has the shares, the commonest reasons and what to do.</exception>
    public void Check(Quarantine quarantine, string table)
    {
        ArgumentNullException.ThrowIfNull(quarantine);
        Check(quarantine, quarantine.Losses, table);
    }

    /// <summary>Stops a job that loses more rows, while its pictures were not looked at yet: those of rows that are left out say nothing
    /// about the others.</summary>
    internal void CheckRows(Quarantine quarantine, string table) => Check(quarantine, quarantine.Losses with { Pictures = default }, table);

    internal void Check(Quarantine quarantine, Losses losses, string table)
    {
        if (!Allows(losses))
        {
            throw new TooMuchLostException(LossMessage.Stop(this, losses, quarantine, table), losses) { File = table };
        }
    }

    /// <summary>What was lost within the limit, in one sentence; null where nothing was.</summary>
    /// <param name="losses">What was lost.</param>
    public string? Sentence(Losses losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        return losses.Any ? LossMessage.Told(this, losses) : null;
    }

    internal bool Allows(LossCount lost, LossCount training) => MaxLost >= 1 || lost.Share <= training.Share + MaxLost;
}

/// <summary>More rows, pictures or texts of a table are lost than the job's <see cref="LossLimit"/> allows; the message gives the commonest
/// reasons.</summary>
/// <param name="message">What was lost, why, and what to do.</param>
/// <param name="losses">The losses by kind.</param>
public sealed class TooMuchLostException(string message, Losses losses) : TableException(message)
{
    /// <summary>What was lost until the job stopped.</summary>
    public Losses Losses { get; } = losses;
}

/// <summary>What was looked at of one kind (rows, or pictures), and what of it could not be used.</summary>
/// <param name="Seen">How many there were.</param>
/// <param name="Lost">How many of them could not be used.</param>
public readonly record struct LossCount(long Seen, long Lost)
{
    /// <summary>The lost share, 0 to 1; 0 where there was nothing.</summary>
    [JsonIgnore]
    public double Share => Seen == 0 ? 0 : (double)Lost / Seen;

    /// <summary>The share as people write it, for instance <c>7.5 %</c>.</summary>
    internal string Percent => Describe(Share);

    /// <summary>Both counts together.</summary>
    internal LossCount Plus(LossCount other) => new(Seen + other.Seen, Lost + other.Lost);

    /// <summary>A share as people write it; a small one is not written as none.</summary>
    internal static string Describe(double share) =>
        share is > 0 and < 0.0005 ? "under 0.1 %" : (100 * share).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
