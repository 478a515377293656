// Debian's Chromium, driven by Playwright.
using Microsoft.Playwright;

namespace Duet.Browser.Tests;

/// <summary>A running browser, or null where the machine has none; its tests are then skipped.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;

    public IBrowser? Browser { get; private set; }

    public async Task InitializeAsync()
    {
        if (Array.Find(Places, File.Exists) is { } program)
        {
            _playwright = await Playwright.CreateAsync();

            // The sandbox needs a user of its own, which containers do not have; the pages are our own.
            Browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox"] });
        }
    }

    public async Task DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.CloseAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Opens a file in a window of a size and colour scheme; everything the page complains about or asks the network for is
    /// kept.</summary>
    public async Task<OpenedPage> Open(string file, int width, ColorScheme scheme)
    {
        Skip.If(Browser is null, "There is no Chromium here: apt-get install chromium.");
        var context = await Browser!.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = 800 },
                ColorScheme = scheme,
                ReducedMotion = ReducedMotion.Reduce,
            }
        );
        var opened = new OpenedPage(context, await context.NewPageAsync());
        await opened.Page.GotoAsync(new Uri(file).AbsoluteUri);
        return opened;
    }
}
