// One row of a comparison: a system with its settings.
using Duet.Models;
using Duet.Training;

namespace Duet.Studies.Comparison;

/// <summary>A system that is compared, or a variant of one (an ablation).</summary>
/// <param name="Label">How the table calls it, <c>cma-clip</c> or <c>cma-clip:modalities=image</c>; different for every row.</param>
/// <param name="Model">Its name in the registry.</param>
/// <param name="Preset">The preset its settings began with.</param>
/// <param name="Options">Its settings.</param>
/// <param name="Training">Its recipe; the comparison sets the seed, and with a time budget the epochs.</param>
public sealed record ComparedSystem(string Label, string Model, string Preset, ModelOptions Options, TrainingOptions Training)
{
    private const int LongestFolder = 120;

    /// <summary>The name of its folder: the label with everything but letters, digits, <c>.</c>, <c>_</c> and <c>-</c> replaced.</summary>
    public string Folder
    {
        get
        {
            var name = string.Concat(Label.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' ? letter : '-'))
                .Trim('-', '.');
            return name.Length <= LongestFolder ? name : name[..LongestFolder];
        }
    }

    /// <summary>A system as its preset has it.</summary>
    /// <exception cref="OptionException">There is no such model or preset.</exception>
    public static ComparedSystem Of(string model, string preset, TrainingOptions training) =>
        new(model, model, preset, ModelRegistry.Find(model).Preset(preset), training);
}
