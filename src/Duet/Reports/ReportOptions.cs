// What a report is made from, beside the run itself.
using Duet.Inference;
using Duet.Metrics.Slices;
using Duet.Models;

namespace Duet.Reports;

/// <summary>The choices of a report.</summary>
public sealed record ReportOptions
{
    /// <summary>The table to measure the model on; null for the run's own, as long as it is where it was.</summary>
    public TableSource? Data { get; init; }

    /// <summary>What may be lost of the run's own table, see <see cref="TableSource.MaxLost"/>; null for what training was
    /// allowed.</summary>
    public double? MaxLost { get; init; }

    /// <summary>
    /// The split to measure on. Null for <c>test</c> on the run's own table (<c>val</c> where nothing was kept for testing) and for the
    /// whole of another one.
    /// </summary>
    public string? Split { get; init; }

    /// <summary>The folder of a second run to compare with, on the same rows; null for none.</summary>
    public string? Against { get; init; }

    /// <summary>
    /// A <c>comparison.json</c> that <c>duet ablate</c> or <c>duet compare</c> wrote, or its folder, to show beside the run. Null for the
    /// one that the run is part of, if it is.
    /// </summary>
    public string? Comparison { get; init; }

    /// <summary>The columns by which the figures are sliced; <see cref="ColumnSlices.Inputs"/> slices by which inputs a product
    /// has.</summary>
    public IReadOnlyList<string> SliceColumns { get; init; } = [ColumnSlices.Inputs];

    /// <summary>How the models compute.</summary>
    public ModelUseOptions Use { get; init; } = new();

    /// <summary>The word that starts the program in the reader's shell: <c>duet</c>, or <c>./duet</c> in a checkout.</summary>
    public string Program { get; init; } = ShellCommand.Program;

    /// <summary>The command that trained the run, where it is known.</summary>
    public string? TrainingCommand { get; init; }

    /// <summary>The command that makes the report, where it is known.</summary>
    public string? ReportCommand { get; init; }

    /// <summary>Products shown of each kind (right, wrong, uncertain), 0 to 100.</summary>
    public int Examples { get; init; } = 6;

    /// <summary>Whether an answer of every shown product is explained: by attention where the system has some, and by
    /// <see cref="Occlusion"/>.</summary>
    public bool Explain { get; init; } = true;

    /// <summary>Whether answers are explained by occlusion, which costs about a hundred forward passes each; attention alone costs a
    /// few.</summary>
    public bool Occlusion { get; init; } = true;

    /// <summary>Bytes that all pictures of the page may have together, as files; further ones are left out. 0 to 100 MB.</summary>
    public long PictureBytes { get; init; } = 2_000_000;

    /// <summary>Checks every setting.</summary>
    /// <exception cref="OptionException">One is outside its range.</exception>
    public void Validate()
    {
        OptionException.Require(nameof(Examples), Examples, 0, 100, "a page with more is a catalogue");
        OptionException.Require(nameof(PictureBytes), PictureBytes, 0, 100_000_000, "a page must stay light enough to open");
        Use.Validate();
    }
}
