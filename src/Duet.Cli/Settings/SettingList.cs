// Reads and changes the settings of immutable records of options by name.
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using Duet.Models.Encoders;

namespace Duet.Cli.Settings;

/// <summary>
/// The settings of a record, by the names they have in <c>config.yaml</c>. New options need no line here: the records are the list.
/// </summary>
internal static class SettingList
{
    private const string Tower = "tower";

    /// <summary>All settings with their values, in the order of the record.</summary>
    public static IReadOnlyList<Setting> Of(object record) => [.. Walk(record, prefix: string.Empty)];

    /// <summary>A copy of the record with one setting changed.</summary>
    /// <exception cref="Duet.OptionException">The text is not a value of this setting.</exception>
    /// <exception cref="KeyNotFoundException">There is no such setting.</exception>
    public static T With<T>(T record, string name, string value)
        where T : notnull => (T)Change(record, name, name.Split('.'), value);

    private static object Change(object record, string name, ReadOnlySpan<string> path, string value)
    {
        var property = Find(record.GetType(), path[0]) ?? throw new KeyNotFoundException(name);
        var copy = Clone(record);
        if (path.Length == 2 && property.GetValue(record) is { } chosen && IsChoice(property, path[1], out var choice))
        {
            property.SetValue(copy, choice.Switch(chosen, value));
        }
        else if (path.Length > 1 && property.GetValue(record) is { } group && !SettingValue.IsSimple(property.PropertyType))
        {
            property.SetValue(copy, Change(group, name, path[1..], value));
        }
        else if (path.Length == 1 && SettingValue.IsSimple(property.PropertyType))
        {
            property.SetValue(copy, SettingValue.Parse(name, value, property.PropertyType));
        }
        else
        {
            throw new KeyNotFoundException(name);
        }

        return copy;
    }

    private static IEnumerable<Setting> Walk(object record, string prefix)
    {
        foreach (var property in Settable(record.GetType()))
        {
            var name = prefix + NameOf(property);
            var value = property.GetValue(record);
            if (SettingValue.IsSimple(property.PropertyType))
            {
                yield return new Setting(name, property.PropertyType, SettingValue.Format(value));
            }
            else if (value is not null)
            {
                if (IsChoice(property, Tower, out var choice))
                {
                    yield return new Setting($"{name}.{Tower}", typeof(string), choice.NameOf(value));
                }

                foreach (var inner in Walk(value, name + "."))
                {
                    yield return inner;
                }
            }
        }
    }

    // Which tower a group of settings describes is a setting where the system has a choice; another tower brings settings of its own.
    private static bool IsChoice(PropertyInfo property, string name, [NotNullWhen(true)] out TowerChoice? choice)
    {
        choice = string.Equals(name, Tower, StringComparison.Ordinal) ? TowerChoice.Of(property.PropertyType) : null;
        return choice is not null;
    }

    // Base classes first, each in the order of its source.
    private static IEnumerable<PropertyInfo> Settable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property is { CanRead: true, CanWrite: true } && property.GetIndexParameters().Length == 0)
            .Where(property => !TowerChoice.All.Any(choice => choice.Type == property.DeclaringType))
            .OrderBy(property => Depth(property.GetMethod!.GetBaseDefinition().DeclaringType!));

    private static PropertyInfo? Find(Type type, string name) =>
        Settable(type).FirstOrDefault(property => string.Equals(NameOf(property), name, StringComparison.Ordinal));

    private static string NameOf(PropertyInfo property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    private static int Depth(Type type)
    {
        var depth = 0;
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            depth++;
        }

        return depth;
    }

    // What the compiler makes of `record with { }`.
    private static object Clone(object record) =>
        record.GetType().GetMethod("<Clone>$")?.Invoke(record, null)
        ?? throw new ArgumentException($"{record.GetType().Name} is no record.", nameof(record));
}

/// <summary>A setting by the name it has on the command line and in <c>config.yaml</c>.</summary>
/// <param name="Name">Its name, dotted inside a group: <c>fusion_layers</c>, <c>image.width</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Value">Its value as it would be written.</param>
internal sealed record Setting(string Name, Type Type, string Value);
