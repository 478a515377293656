// One product of the built-in catalogue with everything known about it.

namespace Duet.Data;

/// <summary>A drawn product.</summary>
public sealed record SyntheticProduct
{
    /// <summary>Only <see cref="SyntheticCatalog"/> makes products up.</summary>
    internal SyntheticProduct(SyntheticScene scene) => Scene = scene;

    /// <summary>Its place in the catalogue, from 1.</summary>
    public required int Row { get; init; }

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>The true label per task, whatever the table says.</summary>
    public required IReadOnlyDictionary<string, string> Truth { get; init; }

    /// <summary>The label per task as the table states it; <c>null</c> where it is missing.</summary>
    public required IReadOnlyDictionary<string, string?> Labels { get; init; }

    /// <summary>Where the signal for each task is.</summary>
    public required IReadOnlyList<TaskRelevance> Relevance { get; init; }

    /// <summary><c>train</c>, <c>val</c> or <c>test</c>.</summary>
    public required string Split { get; init; }

    /// <summary>What the picture shows.</summary>
    internal SyntheticScene Scene { get; }
}

/// <summary>The known truth about where the signal of an answer is, to test explanations against.</summary>
/// <param name="Task">The task.</param>
/// <param name="Modality">Which of picture and title carries the answer.</param>
/// <param name="Words">The words of the title that carry it; empty where the title does not.</param>
/// <param name="Box">The part of the picture that carries it; <c>null</c> where the picture does not.</param>
public sealed record TaskRelevance(string Task, RelevantModality Modality, IReadOnlyList<string> Words, PixelBox? Box);

/// <summary>The files of a written catalogue.</summary>
/// <param name="Table">The table: <c>id,image,title,category,color,pattern,material,gender,split</c>.</param>
/// <param name="Relevance">Where the signal of each answer is: <c>id,task,relevance,words,left,top,width,height</c>.</param>
/// <param name="Products">What was written.</param>
public sealed record SyntheticFiles(string Table, string Relevance, IReadOnlyList<SyntheticProduct> Products);
