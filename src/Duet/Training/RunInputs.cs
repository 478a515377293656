// What a run learns from its table before it trains, and keeps: the classes, the vocabulary, the features' values.
using Duet.Data;
using Duet.Inference;
using Duet.Models;
using Duet.Runs;
using Duet.Text;

namespace Duet.Training;

/// <summary>The tasks with their classes, the tokenizer, and the features with their values.</summary>
internal sealed record RunInputs(TaskSchema Schema, ITokenizer Tokenizer, FeatureSchema Features)
{
    /// <summary>What a model is built for.</summary>
    public ModelContext Context => ModelContext.From(Schema, Tokenizer, Features);

    /// <summary>Whether a run folder holds them: the labels are written last.</summary>
    public static bool AreIn(RunFolder folder) => File.Exists(folder.LabelsFile) && File.Exists(folder.ConfigurationFile);

    /// <summary>Those of a run that was begun before.</summary>
    public static RunInputs Load(RunFolder folder, RunConfiguration configuration) =>
        new(folder.LoadSchema(), folder.LoadTokenizer(), folder.LoadFeatures(configuration));

    /// <summary>Learns them from the training rows.</summary>
    /// <exception cref="TableException">A task has no classes, or two tasks would share a column of answers.</exception>
    public static RunInputs Learn(
        RunConfiguration configuration,
        IReadOnlyList<Product> train,
        ProductTable table,
        CancellationToken cancellation
    )
    {
        var schema = TaskTaxonomies.Apply(TaskSchema.Infer(configuration.Data.ToTable().Tasks, train), configuration.Data.Taxonomies);
        PredictionColumns.RequireDistinct(schema.Tasks, table);
        return new RunInputs(
            schema,
            TokenizerFactory.Create(configuration, train, cancellation),
            FeatureSchema.Learn(configuration.Data.FeatureColumns, train)
        );
    }

    /// <summary>Writes them with the configuration. It comes first, so that a killed run can be resumed from here on; the labels come last:
    /// where they are, all is there.</summary>
    public void Save(RunFolder folder, RunConfiguration configuration)
    {
        RunConfigurationFile.Save(configuration, folder.ConfigurationFile);
        Tokenizer.Save(folder.Path);
        if (Features.Features.Count > 0)
        {
            Features.Save(folder.FeaturesFile);
        }

        Schema.Save(folder.LabelsFile);
    }
}
