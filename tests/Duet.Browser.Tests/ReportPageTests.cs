// The report in a real browser: light and dark, phone and desk.
using Duet.Pages;
using Duet.Tests.Reports;
using Microsoft.Playwright;

namespace Duet.Browser.Tests;

public sealed class ReportPageTests : IClassFixture<Chromium>, IDisposable
{
    // The contrast of every visible text with what lies behind it, by the formula of WCAG 2.2, section 1.4.3; the worst is told with its
    // text.
    private const string WorstContrast = """
        () => {
          const channels = color => (color.match(/[\d.]+/g) || []).map(Number);
          const linear = value => { const v = value / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
          const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
          const behind = element => {
            for (let e = element; e; e = e.parentElement) {
              const color = channels(getComputedStyle(e).backgroundColor);
              if (color.length === 3 || color[3] > 0) return color;
            }
            return [255, 255, 255];
          };
          let worst = [99, ''];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const element = walker.currentNode.parentElement;
            if (!walker.currentNode.textContent.trim() || !element.checkVisibility() || ['SCRIPT', 'title', 'desc'].includes(element.tagName)) continue;
            const style = getComputedStyle(element);
            const [a, b] = [luminance(channels(element.closest('svg') ? style.fill : style.color)), luminance(behind(element))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < worst[0]) worst = [ratio, element.tagName + ': ' + walker.currentNode.textContent.slice(0, 60)];
          }
          return worst;
        }
        """;

    private const string OpenAll = "() => document.querySelectorAll('details').forEach(fold => fold.open = true)";

    private readonly Chromium _chromium;
    private readonly SampleReport _sample = new();
    private readonly string _file;

    public ReportPageTests(Chromium chromium)
    {
        _chromium = chromium;
        _file = _sample["report.html"];
        ReportPage.Save(_sample.GatherAll(), _file);
    }

    public void Dispose() => _sample.Dispose();

    [SkippableTheory]
    [InlineData(320, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    public async Task It_loads_without_complaint_fits_the_window_and_is_legible(int width, ColorScheme scheme)
    {
        await using var opened = await _chromium.Open(_file, width, scheme);
        var page = opened.Page;
        await page.EvaluateAsync(OpenAll);
        var (needed, given) = (
            await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"),
            await page.EvaluateAsync<int>("() => document.documentElement.clientWidth")
        );
        needed.ShouldBeLessThanOrEqualTo(given, "the page must not scroll sideways");
        var worst = await page.EvaluateAsync<System.Text.Json.JsonElement>(WorstContrast);
        worst[0].GetDouble().ShouldBeGreaterThanOrEqualTo(4.5, worst[1].GetString());
        (await page.EvaluateAsync<int>("() => [...document.images].filter(picture => !picture.naturalWidth).length")).ShouldBe(
            0,
            "pictures that do not show"
        );
        (
            await page.EvaluateAsync<double>(
                "() => Math.min(...[...document.querySelectorAll('button')].map(button => button.getBoundingClientRect().height))"
            )
        ).ShouldBeGreaterThanOrEqualTo(24, "buttons must be large enough for a finger");
        opened.Complaints.ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task The_theme_can_be_switched_by_keyboard_and_is_kept()
    {
        await using var opened = await _chromium.Open(_file, 1280, ColorScheme.Light);
        var page = opened.Page;
        var light = await Paper(page);
        await page.Locator("button.theme").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var dark = await Paper(page);
        dark.ShouldNotBe(light);
        await page.ReloadAsync();
        (await Paper(page)).ShouldBe(dark);
        (await page.Locator("button.theme").GetAttributeAsync("aria-label"))!.ShouldContain("light");
    }

    [SkippableFact]
    public async Task The_keyboard_comes_first_to_the_figures_and_sees_where_it_is()
    {
        await using var opened = await _chromium.Open(_file, 1280, ColorScheme.Light);
        var page = opened.Page;
        await page.Keyboard.PressAsync("Tab");
        (await page.EvaluateAsync<string>("() => document.activeElement.className")).ShouldBe("skip");
        (await page.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle")).ShouldNotBe("none");
        await page.Keyboard.PressAsync("Enter");
        (await page.EvaluateAsync<string>("() => document.activeElement.id")).ShouldBe("main");
    }

    [SkippableFact]
    public async Task On_paper_it_is_light_and_without_buttons()
    {
        await using var opened = await _chromium.Open(_file, 1280, ColorScheme.Dark);
        await opened.Page.EmulateMediaAsync(new() { Media = Media.Print });
        (await Paper(opened.Page)).ShouldBe("rgb(255, 255, 255)");
        (
            await opened.Page.EvaluateAsync<int>(
                "() => [...document.querySelectorAll('button, nav')].filter(element => element.checkVisibility()).length"
            )
        ).ShouldBe(0);
        (await opened.Page.Locator("#results details.paper caption").IsVisibleAsync()).ShouldBeTrue("all figures must be on paper");
        (await opened.Page.Locator("#results details:not(.paper)").First.IsVisibleAsync()).ShouldBeFalse("other folds stay away");
        (await opened.Page.PdfAsync()).Length.ShouldBeGreaterThan(10_000);
    }

    [SkippableFact]
    public async Task Without_scripts_everything_is_still_there()
    {
        Skip.If(_chromium.Browser is null, "There is no Chromium here: apt-get install chromium.");
        await using var context = await _chromium.Browser!.NewContextAsync(new() { JavaScriptEnabled = false });
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(_file).AbsoluteUri);
        (await page.Locator("section").CountAsync()).ShouldBeGreaterThan(10);
        (await page.Locator("button:visible").CountAsync()).ShouldBe(0, "buttons that would do nothing");
    }

    private static Task<string> Paper(IPage page) => page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
}
