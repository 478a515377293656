// The page of the service where a person tries a product, in a browser.
using Duet.Inference;
using Duet.Server;
using Duet.Tests.Inference;
using Microsoft.Playwright;

namespace Duet.Browser.Tests;

public sealed class TryPageTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime, IDisposable
{
    private readonly SampleRun _run = new();
    private DuetServer _server = null!;

    public async Task InitializeAsync()
    {
        _run.WriteTable();
        _server = await DuetServer.StartAsync(
            [new ServedRun("run", _run.Run.Path)],
            new ServerSettings { Urls = ["http://127.0.0.1:0"] },
            new ModelUseOptions { Threads = 1 }
        );
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _run.Dispose();

    [SkippableTheory]
    [InlineData(1200, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task A_product_is_classified_and_explained(int width, ColorScheme scheme)
    {
        await using var opened = await chromium.Open(_server.Addresses[0], width, scheme);
        var page = opened.Page;
        await page.GetByLabel("text", new() { Exact = true }).FillAsync("a red shoe number 7");
        await page.GetByLabel("Picture").SetInputFilesAsync(_run["0.jpg"]);
        await page.GetByAltText("The chosen picture").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Classify" }).PressAsync("Enter");
        await page.Locator("article").First.WaitForAsync();
        (await page.Locator("article").CountAsync()).ShouldBe(3);
        (await page.Locator("article").First.Locator("progress").CountAsync()).ShouldBe(3);

        await page.GetByRole(AriaRole.Button, new() { Name = "Why?" }).ClickAsync();
        await page.Locator("article mark").First.WaitForAsync();
        (await page.Locator("article").First.Locator("mark").CountAsync()).ShouldBe(5);
        (await page.Locator("article img").First.EvaluateAsync<int>("image => image.decode().then(() => image.naturalWidth)")).ShouldBe(
            384
        );
        (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue(
            "nothing is wider than the window"
        );

        var own = "request: " + _server.Addresses[0];
        opened.Complaints.ShouldAllBe(complaint =>
            complaint.StartsWith(own, StringComparison.Ordinal) || complaint.StartsWith("request: data:", StringComparison.Ordinal)
        );
    }

    [SkippableFact]
    public async Task What_is_wrong_is_told()
    {
        await using var opened = await chromium.Open(_server.Addresses[0], 1200, ColorScheme.Light);
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = "Classify" }).ClickAsync();
        await opened.Page.GetByText("neither a picture nor a text").WaitForAsync();
    }
}
