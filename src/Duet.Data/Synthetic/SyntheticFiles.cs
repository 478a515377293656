// Where a written catalogue lies.
namespace Duet.Data;

/// <summary>The files of a written catalogue.</summary>
/// <param name="Table">The table: <c>id,image,title,category,color,pattern,material,gender,split</c>.</param>
/// <param name="Relevance">Where the signal of each answer is: <c>id,task,relevance,words,left,top,width,height</c>.</param>
/// <param name="Products">What was written.</param>
public sealed record SyntheticFiles(string Table, string Relevance, IReadOnlyList<SyntheticProduct> Products);
