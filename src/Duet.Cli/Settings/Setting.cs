// One setting of a record of options.
namespace Duet.Cli.Settings;

/// <summary>A setting by the name it has on the command line and in <c>config.yaml</c>.</summary>
/// <param name="Name">Its name, dotted inside a group: <c>fusion_layers</c>, <c>image.width</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Value">Its value as it would be written.</param>
internal sealed record Setting(string Name, Type Type, string Value);
