// A page in the browser and what it complained about.
using Microsoft.Playwright;

namespace Duet.Browser.Tests;

/// <summary>An opened page.</summary>
public sealed class OpenedPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    public OpenedPage(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) => _complaints.Add($"console {message.Type}: {message.Text}");
        page.PageError += (_, error) => _complaints.Add($"error: {error}");
        page.Dialog += (_, dialog) => _complaints.Add($"dialog: {dialog.Message}");
        page.Request += (_, request) =>
            _complaints.AddRange(
                request.Url.StartsWith("file:", StringComparison.Ordinal) || request.Url.StartsWith("data:", StringComparison.Ordinal)
                    ? []
                    : [$"request: {request.Url}"]
            );
    }

    public IPage Page { get; }

    /// <summary>Console messages, script errors, dialogs and requests to anywhere but the file itself.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
