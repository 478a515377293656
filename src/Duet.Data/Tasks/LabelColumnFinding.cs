// What is odd about a column of labels.
namespace Duet.Data;

/// <summary>A column that is given as a task and looks like something else.</summary>
/// <param name="Task">The task.</param>
/// <param name="Text">What it looks like and what to do, in sentences.</param>
/// <param name="IsRefused">Whether nothing is trained on it unless that is asked for; otherwise it may well be meant.</param>
internal sealed record LabelColumnFinding(TaskColumn Task, string Text, bool IsRefused);
