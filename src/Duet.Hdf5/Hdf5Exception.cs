// What is wrong with a file, in words for the process that asked.
namespace Duet.Hdf5;

#pragma warning disable CA1032 // Thrown and caught inside this program only, always with a message.
internal sealed class Hdf5Exception(string message) : Exception(message);
#pragma warning restore CA1032
