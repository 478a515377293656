// Renders its content after its earlier siblings.
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Duet.Pages.Components;

/// <summary>
/// Content that is rendered once the siblings before it are initialized: a table's body, which needs the columns that these declare.
/// </summary>
public sealed class Deferred : ComponentBase
{
    /// <summary>The content.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder) => ChildContent?.Invoke(builder);
}
