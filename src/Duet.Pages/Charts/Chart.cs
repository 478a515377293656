// What all charts have.
using Microsoft.AspNetCore.Components;

namespace Duet.Pages.Charts;

/// <summary>A drawing with a title, a description for those who do not see it, and its values as a table.</summary>
public abstract class Chart : ComponentBase
{
    /// <summary>Unique in the page.</summary>
    [Parameter, EditorRequired]
    public string Id { get; set; } = string.Empty;

    /// <summary>What the chart shows.</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = string.Empty;

    /// <summary>What there is to see, in a sentence, for those who do not see it.</summary>
    [Parameter]
    public string Description { get; set; } = string.Empty;

    /// <summary>What one should know to read the chart.</summary>
    [Parameter]
    public string? Note { get; set; }
}
