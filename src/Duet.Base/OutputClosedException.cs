// Whoever read an output has gone.
namespace Duet;

/// <summary>The reader of a pipe has closed it (<c>| head</c>): there is nobody to write for, and nothing to complain about.</summary>
public sealed class OutputClosedException() : IOException("The reader of the output has closed it.");
