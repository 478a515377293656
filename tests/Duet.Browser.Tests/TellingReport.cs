// A report in which everything stands that was once drawn badly.
using Duet.Metrics;
using Duet.Metrics.Calibration;
using Duet.Pages;
using Duet.Reports;
using Duet.Tests.Reports;

namespace Duet.Browser.Tests;

/// <summary>A page of the sample run with a broken promise, one that was kept, one that cannot be reached, a curve that falls at once, and
/// leaked rows.</summary>
public sealed class TellingReport : IDisposable
{
    public const string Leak =
        "12 of 140 validation and test rows have the same text or group as a training row; figures on them flatter the model.";

    private const double Promised = 0.95;
    private const string Why =
        "the most promising threshold accepts 259 of 567 answers and 252 of them are right, which does not show a precision of 0.95 "
        + "with confidence 0.95";

    private readonly SampleReport _sample = new();

    public TellingReport()
    {
        Data = Change(_sample.GatherAll());
        File = _sample["telling.html"];
        ReportPage.Save(Data, File);
    }

    public ReportData Data { get; }

    public string File { get; }

    public void Dispose() => _sample.Dispose();

    private static ReportData Change(ReportData data)
    {
        var (measured, calibration) = (data.Measured!, data.Run.Calibration!);
        var decisions = new Dictionary<string, DecisionFigures>(StringComparer.Ordinal)
        {
            ["category"] = Decided(100, 82, new ConfidenceInterval(0.82, 0.73, 0.89, 0.95)),
            ["color"] = Decided(500, 490, new ConfidenceInterval(0.98, 0.963, 0.990, 0.95)),
            ["tags"] = Decided(0, 0, null),
        };

        // Down through where names of marks once stood, and along the top.
        OperatingPoint[] falling = [new(0.9, 1, 0.02, 0.02), new(0.8, 0.90, 0.1, 0.1), new(0.5, 0.92, 0.2, 0.3), new(0.1, 0.4, 0.4, 1)];
        OperatingPoint[] high = [new(0.9, 0.99, 0.02, 0.02), new(0.5, 0.94, 0.5, 0.5), new(0.1, 0.93, 0.93, 1)];
        var curves = new Dictionary<string, IReadOnlyList<OperatingPoint>>(measured.Curves, StringComparer.Ordinal)
        {
            ["category"] = falling,
            ["color"] = high,
        };
        return data with
        {
            Data = data.Data! with { Leak = Leak },
            Measured = measured with { Curves = curves, Report = measured.Report with { Split = "test", Decisions = decisions } },
            Run = data.Run with
            {
                Calibration = calibration with
                {
                    Precision = Promised,
                    Certificates =
                    [
                        .. calibration.Certificates.Select(certificate =>
                            certificate with
                            {
                                Tasks =
                                [
                                    .. certificate.Tasks.Select(task =>
                                        task with
                                        {
                                            Threshold = new PrecisionThreshold { Rows = 567, Reason = Why },
                                        }
                                    ),
                                ],
                            }
                        ),
                    ],
                },
            },
        };
    }

    private static DecisionFigures Decided(int accepted, int right, ConfidenceInterval? precision) =>
        new()
        {
            Target = Promised,
            Confidence = 0.95,
            Rows = 600,
            Accepted = accepted,
            Right = right,
            Precision = precision,
            Reachable = accepted > 0,
        };
}
