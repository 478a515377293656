// Times as people say them.
using System.Globalization;

namespace Duet.Cli.Console;

/// <summary>Formats spans of time.</summary>
internal static class Duration
{
    /// <summary>For instance <c>7.3 s</c>, <c>4 min 05 s</c>, <c>2 h 10 min</c>.</summary>
    public static string Of(TimeSpan span) =>
        span switch
        {
            { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
            { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s"),
            { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min {span.Seconds:00} s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalHours} h {span.Minutes:00} min"),
        };
}
