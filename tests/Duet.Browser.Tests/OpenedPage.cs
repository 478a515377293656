// A page in the browser and what it complained about.
using Microsoft.Playwright;

namespace Duet.Browser.Tests;

/// <summary>An opened page.</summary>
public sealed class OpenedPage : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly List<string> complaints = [];

    public OpenedPage(IBrowserContext context, IPage page)
    {
        (this.context, Page) = (context, page);
        page.Console += (_, message) => complaints.Add($"console {message.Type}: {message.Text}");
        page.PageError += (_, error) => complaints.Add($"error: {error}");
        page.Dialog += (_, dialog) => complaints.Add($"dialog: {dialog.Message}");
        page.Request += (_, request) => complaints.AddRange(
            request.Url.StartsWith("file:", StringComparison.Ordinal) || request.Url.StartsWith("data:", StringComparison.Ordinal) ? [] : [$"request: {request.Url}"]);
    }

    public IPage Page { get; }

    /// <summary>Console messages, script errors, dialogs and requests to anywhere but the file itself.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    public async ValueTask DisposeAsync() => await context.CloseAsync();
}
