// The files in deploy/ fit the service: options, metrics, addresses.
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Duet.Server.Tests;

[Collection(ServerCollection.Name)]
public sealed partial class DeploymentTests(TrainedRun run)
{
    private static readonly string Folder = Path.Combine(Checkout(), "deploy");

    [Fact]
    public async Task Every_metric_of_the_dashboard_is_measured()
    {
        await using var server = await StartedServer.StartAsync(run.Folder);
        var (image, title) = run.Products[0];
        await server.AskAsync("/v1/classify", new JsonObject { ["image"] = StartedServer.Base64(image), ["text"] = title });
        var metrics = await server.Client.GetStringAsync("/metrics");
        var dashboard = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "grafana", "dashboards", "duet.json")))!;
        var queries = dashboard["panels"]!
            .AsArray()
            .SelectMany(panel => panel!["targets"]!.AsArray())
            .Select(target => target!["expr"]!.GetValue<string>());
        var names = queries.SelectMany(query => MetricName().Matches(query)).Select(match => match.Value).Distinct().ToList();
        names.Count.ShouldBeGreaterThan(8);
        names.ShouldAllBe(name => metrics.Contains(name + "{", StringComparison.Ordinal));
        foreach (var label in (string[])["http_route=\"/v1/classify\"", "outcome=\"", "stage=\"", "decision=\"", "reason=\"", "task=\""])
        {
            metrics.ShouldContain(label);
        }
    }

    [Theory]
    [InlineData("compose.yaml")]
    [InlineData("prometheus.yaml")]
    [InlineData("kubernetes.yaml")]
    [InlineData("grafana/provisioning/datasources/prometheus.yaml")]
    [InlineData("grafana/provisioning/dashboards/duet.yaml")]
    public void A_file_is_YAML(string name)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(Folder, name))));
        yaml.Documents.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("compose.yaml")]
    [InlineData("kubernetes.yaml")]
    [InlineData("duet.service")]
    public void Every_option_is_one_of_serve(string name)
    {
        var help = CliProcess.Run(run.Root, "serve", "--help").ShouldEndWith(0).Output;
        var options = Option()
            .Matches(File.ReadAllText(Path.Combine(Folder, name)))
            .Select(match => match.Value)
            .Where(option => option != "--tool-path" && option != "--now" && option != "--from-literal")
            .ToList();
        options.ShouldNotBeEmpty();
        options.ShouldAllBe(option => help.Contains(option + " ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_address_that_is_asked_answers()
    {
        await using var server = await StartedServer.StartAsync(run.Folder);
        var text = string.Concat(
            ((string[])["compose.yaml", "kubernetes.yaml", "prometheus.yaml"]).Select(name => File.ReadAllText(Path.Combine(Folder, name)))
        );
        var paths = Address().Matches(text).Select(match => match.Value).Distinct().ToList();
        paths.Count.ShouldBe(3);
        foreach (var path in paths)
        {
            using var answer = await server.Client.GetAsync(path);
            answer.IsSuccessStatusCode.ShouldBeTrue(path);
        }
    }

    private static string Checkout()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Duet.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    [GeneratedRegex(@"\b(duet|http_server)_\w+(?=\{)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MetricName();

    [GeneratedRegex(@"(?<=[\s""])--[a-z][a-z-]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Option();

    [GeneratedRegex(@"/(health/live|health/ready|metrics)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
