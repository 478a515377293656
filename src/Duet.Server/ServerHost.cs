// Puts the parts of the service together.
using Duet.Inference;
using Duet.Server.Endpoints;
using Duet.Server.Problems;
using Duet.Server.Requests;
using Duet.Server.Security;
using Duet.Server.Serving;
using Duet.Server.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Duet.Server;

/// <summary>Builds the web application. Nothing is read from files of the working directory: what is not a setting is not
/// configurable.</summary>
internal static class ServerHost
{
    private static readonly TimeSpan HeaderTime = TimeSpan.FromSeconds(10);

    public static WebApplication Build(
        IReadOnlyList<ServedRun> runs,
        ServerSettings settings,
        ModelUseOptions use,
        ApiKeys keys,
        TimeProvider time
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls([.. settings.Urls]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = settings.MaxConnections;
            kestrel.Limits.RequestHeadersTimeout = HeaderTime;
        });
        builder.Logging.AddServerLog();
        var services = builder.Services;
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(settings.DrainTime));
        services.AddSingleton<IHostLifetime, QuietLifetime>();
        services.AddRouting();
        services.AddHostFiltering(options =>
        {
            options.AllowedHosts = ListenAddress.ParseAll(settings.Urls).All(address => address.IsLoopback)
                ? [.. ListenAddress.LoopbackHosts]
                : ["*"];
            options.IncludeFailureMessage = false;
        });
        services.AddRateLimiter(options => RateLimits.Configure(options, settings));
        services.AddServerTelemetry();
        services.AddServerDescription();
        services.AddSingleton(settings).AddSingleton(keys).AddSingleton(time).AddSingleton(use).AddSingleton(runs);
        services.AddSingleton<ServerMetrics>().AddSingleton<ModelCatalog>().AddSingleton<SideWork>();
        services.AddSingleton<RequestReader>().AddSingleton<ProductRequests>();
        services.AddHostedService<ModelReloader>();

        var app = builder.Build();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseStatusCodePages(ProblemMiddleware.FillAsync);
        app.UseHostFiltering();
        app.UseRouting();
        app.UseMiddleware<KeyMiddleware>();
        app.UseRateLimiter();
        Map(app);
        return app;
    }

    private static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/classify", ClassifyEndpoint.AnswerAsync).Describe(ServerDescription.Classify);
        app.MapPost("/v1/embed", EmbedEndpoint.AnswerAsync).Describe(ServerDescription.Embed);
        app.MapPost("/v1/embeddings", OpenAiEmbeddingsEndpoint.AnswerAsync).Describe(ServerDescription.Embeddings);
        app.MapPost("/v1/explain", ExplainEndpoint.AnswerAsync).Describe(ServerDescription.Explain);
        app.MapPost("/v1/zero-shot", ZeroShotEndpoint.AnswerAsync).Describe(ServerDescription.ZeroShot);
        app.MapGet("/v1/models", ModelsEndpoint.Answer).Describe(ServerDescription.Models);
        app.MapGet("/health/live", HealthEndpoints.Live).Describe(ServerDescription.Live).WithMetadata(new OpenToAll());
        app.MapGet("/health/ready", HealthEndpoints.Ready).Describe(ServerDescription.Ready).WithMetadata(new OpenToAll());
        app.MapServerTelemetry();
        app.MapServerDescription();
        app.MapTryPage();
    }
}
