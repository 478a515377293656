// Renders a Razor component to text.
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Duet.Pages;

/// <summary>Renders components to HTML that is well-formed XML as well, so that any parser reads it alike.</summary>
internal static partial class PageRenderer
{
    private const int TimeoutMilliseconds = 60_000;

    /// <summary>The HTML of a component. Texts and attributes are encoded by the framework.</summary>
    /// <param name="parameters">Its parameters by name.</param>
    public static string Render<TComponent>(IDictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);

        // No component of ours waits for anything, so this is done when it returns.
        var html = renderer
            .Dispatcher.InvokeAsync(async () =>
            {
                var root = await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters));
                return root.ToHtmlString();
            })
            .GetAwaiter()
            .GetResult();
        return ForbiddenCharacters().Replace(VoidElements().Replace(html, "<${tag} />"), "\uFFFD");
    }

    [GeneratedRegex(@"<(?<tag>(img|meta|wbr)\b[^<>]*?)\s*/?>", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex VoidElements();

    // References to characters that XML forbids, and to those of U+0080 to U+009F, which HTML reads as other ones.
    [GeneratedRegex("&#x([0-8BCEF]|[189][0-9A-F]|FFF[EF]);", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex ForbiddenCharacters();
}
