// Metrics, traces and logs.
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Duet.Server.Telemetry;

/// <summary>Metrics for Prometheus, traces for whoever the environment names, logs in JSON. Neither has any content of a request.</summary>
internal static class TelemetryServices
{
    private const string ExporterVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Scrape = "/metrics";
    private const string Health = "/health";

    /// <summary>Adds metrics and, where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, traces.</summary>
    public static void AddServerTelemetry(this IServiceCollection services)
    {
        services.AddMetrics();
        var telemetry = services
            .AddOpenTelemetry()
            .ConfigureResource(resource =>
                resource.AddService("duet", serviceVersion: typeof(DuetModel).Assembly.GetName().Version?.ToString(3))
            )
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(ServerMetrics.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                    .AddPrometheusExporter()
            );
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(ExporterVariable)))
        {
            telemetry.WithTracing(traces =>
                traces
                    .AddSource(ServerMetrics.Name)
                    .AddAspNetCoreInstrumentation(options => options.Filter = IsOfInterest)
                    .AddOtlpExporter()
            );
        }
    }

    /// <summary>Answers Prometheus.</summary>
    public static void MapServerTelemetry(this IEndpointRouteBuilder app) => app.MapPrometheusScrapingEndpoint(Scrape);

    /// <summary>Writes logs as JSON, one per line, to standard error.</summary>
    public static void AddServerLog(this ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        logging.AddJsonConsole(format =>
        {
            format.UseUtcTimestamp = true;
            format.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            format.JsonWriterOptions = new JsonWriterOptions { Indented = false };
        });
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(options =>
            options.LogToStandardErrorThreshold = LogLevel.Trace
        );
    }

    private static bool IsOfInterest(HttpContext context) =>
        !context.Request.Path.StartsWithSegments(Scrape, StringComparison.Ordinal)
        && !context.Request.Path.StartsWithSegments(Health, StringComparison.Ordinal);
}
