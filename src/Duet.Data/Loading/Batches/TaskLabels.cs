// A batch's labels for one task.
namespace Duet.Data;

/// <summary>The labels of one task over a batch.</summary>
/// <param name="Kind">Which of the two arrays is filled.</param>
/// <param name="Classes">Single-label: class indexes, <c>[B]</c>, -1 where missing. Otherwise empty.</param>
/// <param name="MultiHot">Multi-label: 1 for each class the product has, <c>[B, C]</c> row-major. Otherwise empty.</param>
/// <param name="Present">Whether the product has a label for this task, <c>[B]</c>; where not, the loss and the metrics skip it.</param>
public sealed record TaskLabels(TaskKind Kind, long[] Classes, float[] MultiHot, bool[] Present)
{
    /// <summary>The labels that products have.</summary>
    /// <param name="task">The task.</param>
    /// <param name="index">Its place in the schema.</param>
    /// <param name="products">The products.</param>
    internal static TaskLabels Of(TaskDefinition task, int index, IReadOnlyList<EncodedProduct> products)
    {
        if (task.Kind == TaskKind.SingleLabel)
        {
            var classes = products.Select(product => (long)product.Classes[index]).ToArray();
            return new TaskLabels(task.Kind, classes, [], [.. classes.Select(label => label != TaskSchema.Missing)]);
        }

        var hot = new float[products.Count * task.Classes.Count];
        for (var row = 0; row < products.Count; row++)
        {
            foreach (var label in products[row].ManyClasses[index] ?? [])
            {
                hot[(row * task.Classes.Count) + label] = 1;
            }
        }

        return new TaskLabels(task.Kind, [], hot, [.. products.Select(product => product.ManyClasses[index] is not null)]);
    }
}
