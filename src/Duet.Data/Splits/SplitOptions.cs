// How to divide a table into training, validation and test.
namespace Duet.Data;

/// <summary>How products are divided.</summary>
public sealed record SplitOptions
{
    /// <summary>Whether the split column decides; otherwise seeded fractions do.</summary>
    public bool ByColumn { get; init; }

    /// <summary>Share of the products to train on.</summary>
    public double Train { get; init; } = 0.8;

    /// <summary>Share to choose the best checkpoint by. Also the share carved out of training where a split column names no validation
    /// rows.</summary>
    public double Validation { get; init; } = 0.1;

    /// <summary>Share to report figures on.</summary>
    public double Test { get; init; } = 0.1;

    /// <summary>The seed of the division.</summary>
    public ulong Seed { get; init; } = 17;

    /// <summary>Whether products with the same title (the first text column; letter case, punctuation and spacing ignored) stay
    /// together.</summary>
    public bool GroupByText { get; init; } = true;

    /// <summary>Whether products with byte-identical pictures stay together.</summary>
    public bool GroupByImage { get; init; } = true;

    /// <summary>
    /// Whether a missing file that several rows name, and a picture behind more than 2 % of the rows, keep products together as well, as
    /// they did before
    /// <c>split_rules: 2</c> in <c>config.yaml</c>.
    /// </summary>
    public bool GroupByAnyPicture { get; init; }

    /// <summary>
    /// The tasks whose every class must occur in training if the split is drawn, in the order of <see cref="Product.Labels"/>; null for
    /// labels that do not count. None leaves it to chance.
    /// </summary>
    public IReadOnlyList<TaskColumn?> Tasks { get; init; } = [];

    /// <summary>Pictures that group nothing because they mean \"no picture\": the SHA-256 of their content in hexadecimal digits.</summary>
    public IReadOnlyList<string> Placeholders { get; init; } = [];

    /// <summary>Checks the fractions.</summary>
    /// <exception cref="TableException">A fraction is outside its range, or they do not add up to 1.</exception>
    public void Validate()
    {
        if (
            !(Train is > 0 and <= 1)
            || !(Validation is >= 0 and < 1)
            || !(Test is >= 0 and < 1)
            || Math.Abs(Train + Validation + Test - 1) > 1e-6
        )
        {
            throw new TableException(
                $"The split fractions are {Train}, {Validation} and {Test}; the first must be above 0, none negative, and their sum 1 "
                    + $"(for instance 0.8, 0.1, 0.1)."
            );
        }
    }
}
