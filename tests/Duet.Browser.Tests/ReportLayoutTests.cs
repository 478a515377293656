// What is drawn badly is not read: widths, words, colours, axes, names, decisions, warnings, on a phone, on a desk and on paper.
using Microsoft.Playwright;

namespace Duet.Browser.Tests;

public sealed class ReportLayoutTests(Chromium chromium, TellingReport report) : IClassFixture<Chromium>, IClassFixture<TellingReport>
{
    private const int Phone = 390;
    private const int Desk = 1360;

    // What a printer leaves of A4, in pixels.
    private const int Paper = 718;

    private const string OpenAll = "() => document.querySelectorAll('details').forEach(fold => fold.open = true)";

    // Everything that reaches beyond the window, and every box that hides a part of its content. Heads that are there for screen readers
    // alone do not count.
    private const string TooWide = """
        () => {
          const width = document.documentElement.clientWidth + 0.5;
          const hidden = element => element.closest('thead, .hidden')?.getBoundingClientRect().width <= 2;
          const seen = [...document.body.querySelectorAll('*')]
            .filter(element => element.checkVisibility() && !hidden(element) && !['TITLE', 'DESC', 'SCRIPT'].includes(element.tagName.toUpperCase()));
          const wide = seen.filter(element => element.getBoundingClientRect().right > width || element.getBoundingClientRect().width > width);
          const cut = seen.filter(element => element.matches('.scroll, pre') && element.scrollWidth > element.clientWidth + 1);
          return [...wide, ...cut].map(element => element.closest('section')?.id + ' ' + element.tagName + ': ' + element.textContent.slice(0, 80));
        }
        """;

    // Words of common length that begin on one line and end on another.
    private const string BrokenWords = """
        () => {
          const broken = [];
          const range = document.createRange();
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const node = walker.currentNode;
            if (!node.parentElement.checkVisibility() || node.parentElement.closest('svg, script, .hidden, thead')) continue;
            for (const word of node.textContent.matchAll(/(?<!\S)[\p{L}\p{N}]{2,14}(?!\S)/gu)) {
              range.setStart(node, word.index);
              range.setEnd(node, word.index + word[0].length);
              const lines = new Set([...range.getClientRects()].filter(box => box.width > 0).map(box => Math.round(box.top)));
              if (lines.size > 1) broken.push(node.parentElement.closest('section')?.id + ': ' + word[0]);
            }
          }
          return broken;
        }
        """;

    // Every colour a task is drawn in: in legends, in charts of its own, on its line of a chart of all, in its row of a table.
    private const string Colours = """
        tasks => {
          const found = Object.fromEntries(tasks.map(task => [task, []]));
          const paint = element => { const style = getComputedStyle(element); return style.fill !== 'none' && element.tagName !== 'line' ? style.fill : style.stroke; };
          const add = (name, element) => { if (element && found[name.trim()]) found[name.trim()].push(paint(element)); };
          document.querySelectorAll('.legend li').forEach(item => add(item.textContent, item.querySelector('line')));
          document.querySelectorAll('figure').forEach(figure => figure.querySelectorAll('.line, .pale, .dot, .whisker').forEach(mark => {
            if (!mark.closest('.legend')) add(figure.querySelector('figcaption').textContent, mark);
          }));
          document.querySelectorAll('.legend').forEach(legend => legend.querySelectorAll('li').forEach((item, i) =>
            add(item.textContent, legend.parentElement.querySelectorAll('svg[role=img] path.line')[i])));
          document.querySelectorAll('#calibration figure svg .name').forEach(name => {
            const drawn = [name.nextElementSibling, name.nextElementSibling?.nextElementSibling].filter(mark => mark?.matches('.dot, .whisker'));
            drawn.forEach(mark => add(name.textContent, mark));
          });
          document.querySelectorAll('#results tbody tr, #calibration tbody tr').forEach(row => row.querySelectorAll('.dot, .whisker, .bar').forEach(mark => add(row.querySelector('th').textContent, mark)));
          return tasks.map(task => found[task]);
        }
        """;

    // Names in drawings that a line, a whisker or a dot goes through.
    private const string StruckThrough = """
        () => [...document.querySelectorAll('svg[role=img]')].flatMap(drawing => {
          const texts = [...drawing.querySelectorAll('text')].filter(text => text.checkVisibility());
          const points = [...drawing.querySelectorAll('path.line, .whisker, .ideal')].flatMap(line => {
            const [length, place] = [line.getTotalLength(), line.getScreenCTM()];
            return Array.from({ length: 400 }, (_, i) => line.getPointAtLength(length * i / 399).matrixTransform(place));
          });
          return texts.filter(text => {
            const box = text.getBoundingClientRect();
            return points.some(point => point.x > box.left + 1 && point.x < box.right - 1 && point.y > box.top + 3 && point.y < box.bottom - 3);
          }).map(text => drawing.querySelector('title').textContent + ': ' + text.textContent);
        })
        """;

    // What is drawn outside of the grid that its axes span.
    private const string OffTheAxes = """
        () => [...document.querySelectorAll('svg[role=img]')].flatMap(drawing => {
          const box = element => element.getBoundingClientRect();
          const frame = [...drawing.querySelectorAll('.grid, .axis')].map(box);
          const [left, right] = [Math.min(...frame.map(one => one.left)), Math.max(...frame.map(one => one.right))];
          const [top, bottom] = [Math.min(...frame.map(one => one.top)), Math.max(...frame.map(one => one.bottom))];
          return [...drawing.querySelectorAll('.dot, .whisker, path.line, .point, .single')].filter(mark => {
            const drawn = box(mark);
            const [x, y] = [(drawn.left + drawn.right) / 2, (drawn.top + drawn.bottom) / 2];
            return x < left - 1 || x > right + 1 || y < top - 1 || y > bottom + 6;
          }).map(mark => drawing.querySelector('title').textContent + ': ' + mark.outerHTML);
        })
        """;

    [SkippableTheory]
    [InlineData(320, ColorScheme.Dark)]
    [InlineData(Phone, ColorScheme.Light)]
    [InlineData(768, ColorScheme.Light)]
    [InlineData(Desk, ColorScheme.Dark)]
    public async Task Nothing_is_wider_than_the_window_and_no_table_is_cut(int width, ColorScheme scheme)
    {
        await using var opened = await chromium.Open(report.File, width, scheme);
        await opened.Page.EvaluateAsync(OpenAll);
        (await opened.Page.EvaluateAsync<string[]>(TooWide)).ShouldBeEmpty();
    }

    [SkippableTheory]
    [InlineData(Phone)]
    [InlineData(768)]
    [InlineData(Desk)]
    public async Task No_word_is_broken(int width)
    {
        await using var opened = await chromium.Open(report.File, width, ColorScheme.Light);
        await opened.Page.EvaluateAsync(OpenAll);
        (await opened.Page.EvaluateAsync<string[]>(BrokenWords)).ShouldBeEmpty();
    }

    [SkippableTheory]
    [InlineData(Phone)]
    [InlineData(Desk)]
    public async Task A_task_that_is_not_reachable_takes_no_more_room_than_its_reason(int width)
    {
        await using var opened = await chromium.Open(report.File, width, ColorScheme.Light);
        var rows = await opened.Page.EvaluateAsync<double[]>(
            "() => [...document.querySelector('#calibration table').tBodies[0].rows].map(row => row.getBoundingClientRect().height)"
        );
        rows.Length.ShouldBe(3);
        rows.ShouldAllBe(height => height < 300);
        (await opened.Page.Locator("#calibration .remark").First.InnerTextAsync()).ShouldContain(
            "not reachable: the most promising threshold"
        );
    }

    [SkippableFact]
    public async Task A_table_on_a_phone_names_every_cell_and_stays_a_table()
    {
        await using var opened = await chromium.Open(report.File, Phone, ColorScheme.Light);
        var page = opened.Page;
        (
            await page.EvaluateAsync<string>("() => getComputedStyle(document.querySelector('#results tbody td'), '::before').content")
        ).ShouldBe("\"accuracy\"");
        (await page.Locator("#results").GetByRole(AriaRole.Cell).CountAsync()).ShouldBeGreaterThan(15);
        (await page.Locator("#results").GetByRole(AriaRole.Rowheader, new() { Name = "category" }).CountAsync()).ShouldBe(1);
        (await page.Locator("#results").GetByRole(AriaRole.Columnheader, new() { Name = "macro F1" }).CountAsync()).ShouldBe(1);
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A_task_has_one_colour_in_all_charts(ColorScheme scheme)
    {
        await using var opened = await chromium.Open(report.File, Desk, scheme);
        var tasks = report.Data.Run.Schema.Tasks.Select(task => task.Name).ToArray();
        var colours = await opened.Page.EvaluateAsync<string[][]>(Colours, tasks);
        colours.ShouldAllBe(drawn => drawn.Length >= 8);
        colours.Select(drawn => drawn.Distinct().Count()).ShouldAllBe(count => count == 1);
        colours.Select(drawn => drawn[0]).ShouldBeUnique();
    }

    [SkippableFact]
    public async Task A_broken_promise_is_seen_to_be_one()
    {
        await using var opened = await chromium.Open(report.File, Phone, ColorScheme.Light);
        const string place =
            "selector => { const box = document.querySelector('#calibration figure > svg ' + selector).getBoundingClientRect(); "
            + "return (box.left + box.right) / 2; }";
        var promise = await opened.Page.EvaluateAsync<double>(place, "line.mark");
        var broken = await opened.Page.EvaluateAsync<double>(place, "circle.s1");
        var kept = await opened.Page.EvaluateAsync<double>(place, "circle.s2");
        var axis = await opened.Page.EvaluateAsync<double>(
            "() => document.querySelector('#calibration figure > svg line.axis').getBoundingClientRect().left"
        );
        broken.ShouldBeLessThan(promise - 10);
        kept.ShouldBeGreaterThan(promise + 3);
        broken.ShouldBeGreaterThan(axis + 10);
        (await opened.Page.Locator("#calibration figure svg .mark-label").TextContentAsync()).ShouldBe("promise 95.0 %");
        (await opened.Page.Locator("#calibration .wrong").AllTextContentsAsync()).ShouldBe(["broken"]);
    }

    [SkippableFact]
    public async Task Axes_hold_what_is_drawn_and_nothing_goes_through_a_name()
    {
        await using var opened = await chromium.Open(report.File, Desk, ColorScheme.Light);
        (await opened.Page.EvaluateAsync<string[]>(OffTheAxes)).ShouldBeEmpty();
        (await opened.Page.EvaluateAsync<string[]>(StruckThrough)).ShouldBeEmpty();
        (await opened.Page.Locator("#precision-recall .mark-label").CountAsync()).ShouldBe(3, "the names are there");
        (await opened.Page.Locator("#training .mark-label").CountAsync()).ShouldBe(3);
    }

    [SkippableTheory]
    [InlineData(Phone)]
    [InlineData(Desk)]
    public async Task Every_answer_of_an_example_says_whether_it_is_accepted(int width)
    {
        await using var opened = await chromium.Open(report.File, width, ColorScheme.Light);
        var measured = report.Data.Measured!;
        var decisions = measured
            .Wrong.Concat(measured.Uncertain)
            .Concat(measured.Right)
            .SelectMany(product => product.Answers)
            .Select(answer => answer.Decision!.Text)
            .ToList();
        decisions.ShouldContain("accepted");
        var shown = opened.Page.Locator("#examples .decision");
        (await shown.AllTextContentsAsync()).ShouldBe(decisions);
        (await shown.First.IsVisibleAsync()).ShouldBeTrue();
    }

    [SkippableTheory]
    [InlineData(Media.Screen)]
    [InlineData(Media.Print)]
    public async Task What_flatters_the_figures_stands_above_them(Media media)
    {
        await using var opened = await chromium.Open(report.File, Phone, ColorScheme.Light);
        await opened.Page.EmulateMediaAsync(new() { Media = media });
        foreach (var place in (string[])["header", "#results", "#calibration"])
        {
            var notice = opened.Page.Locator($"{place} .notice", new() { HasText = TellingReport.Leak }).First;
            (await notice.TextContentAsync()).ShouldBe(TellingReport.Leak);
            (await notice.IsVisibleAsync()).ShouldBeTrue();
        }

        (
            await opened.Page.EvaluateAsync<bool>(
                "() => document.querySelector('#results .notice').getBoundingClientRect().bottom <= document.querySelector('#results "
                    + "table').getBoundingClientRect().top"
            )
        ).ShouldBeTrue();
    }

    [SkippableFact]
    public async Task Paper_holds_all_of_it()
    {
        await using var opened = await chromium.Open(report.File, Paper, ColorScheme.Dark);
        var page = opened.Page;
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        (await page.EvaluateAsync<string[]>(TooWide)).ShouldBeEmpty();
        (await page.EvaluateAsync<string[]>(BrokenWords)).ShouldBeEmpty();
        (await page.EvaluateAsync<string[]>(StruckThrough)).ShouldBeEmpty();
        (
            await page.Locator("#results thead").First.EvaluateAsync<double>("head => head.getBoundingClientRect().height")
        ).ShouldBeGreaterThan(5, "there is room for the table as such");
        (await page.Locator("#examples .decision").First.IsVisibleAsync()).ShouldBeTrue();
        (await page.Locator("#calibration .wrong").IsVisibleAsync()).ShouldBeTrue();
    }
}
