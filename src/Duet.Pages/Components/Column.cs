// A column of a table.
using Microsoft.AspNetCore.Components;

namespace Duet.Pages.Components;

/// <summary>Declares a column inside a <see cref="DataTable{TRow}"/>. The first one names the rows.</summary>
/// <typeparam name="TRow">What a row shows.</typeparam>
public sealed class Column<TRow> : ComponentBase
{
    /// <summary>Its heading.</summary>
    [Parameter, EditorRequired]
    public string Head { get; set; } = string.Empty;

    /// <summary>The text of a cell.</summary>
    [Parameter]
    public Func<TRow, string?>? Text { get; set; }

    /// <summary>Markup of a cell, such as a drawing, before its text.</summary>
    [Parameter]
    public RenderFragment<TRow>? ChildContent { get; set; }

    /// <summary>Whether its cells are numbers.</summary>
    [Parameter]
    public bool Number { get; set; }

    /// <summary>Whether it is the figure that matters most.</summary>
    [Parameter]
    public bool Strong { get; set; }

    /// <summary>A further class of its cells.</summary>
    [Parameter]
    public string? Class { get; set; }

    /// <summary>All classes of its cells; null for none.</summary>
    internal string? CellClass
    {
        get
        {
            var classes = string.Join(' ', ((string?[])[Number ? "number" : null, Strong ? "strong" : null, Class]).OfType<string>());
            return classes.Length > 0 ? classes : null;
        }
    }

    [CascadingParameter]
    private DataTable<TRow> Table { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized() => Table.Columns.Add(this);
}
