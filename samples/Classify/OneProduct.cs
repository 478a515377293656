// The sample itself: load a run folder, ask about one product, read the answer.
namespace Duet.Samples.Classify;

/// <summary>Asks a trained model about one product.</summary>
public static class OneProduct
{
    /// <summary>Prints what the model says: per task the label, how sure it is, and its shares of picture and text.</summary>
    /// <param name="runFolder">A folder that <c>duet train</c> wrote.</param>
    /// <param name="imagePath">The picture file; empty for none.</param>
    /// <param name="text">The text; empty for none.</param>
    /// <param name="output">Where to print.</param>
    public static void Show(string runFolder, string imagePath, string text, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var model = DuetModel.Load(runFolder);
        var answer = model.Classify(imagePath, text);
        foreach (var task in answer.Tasks)
        {
            output.WriteLine(
                $"{task.Task}: {task.Label} ({task.Probability:P1}), {task.ImageShare:P0} by the picture, {task.TextShare:P0} by the text"
            );
        }
    }
}
