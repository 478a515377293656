// Values of settings, from and to text.
using System.Collections;
using System.Globalization;
using System.Text.Json;
using Duet.Models;

namespace Duet.Cli.Settings;

/// <summary>Converts between texts and the types that settings have.</summary>
internal static class SettingValue
{
    /// <summary>Whether a property of this type is a setting by itself.</summary>
    public static bool IsSimple(Type type) =>
        Bare(type) is var bare
        && (
            bare.IsEnum
            || bare == typeof(string)
            || bare == typeof(bool)
            || bare == typeof(char)
            || bare == typeof(int)
            || bare == typeof(long)
            || bare == typeof(ulong)
            || bare == typeof(double)
            || bare == typeof(float)
            || ElementOf(bare) is not null
        );

    /// <summary>Reads a value.</summary>
    /// <exception cref="OptionException">The text is not such a value; the message says what is expected.</exception>
    public static object? Parse(string name, string text, Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return text is "none" or "null" ? null : Parse(name, text, inner);
        }

        if (ElementOf(type) is { } element)
        {
            var parts = text.Trim('[', ']').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var items = Array.CreateInstance(element, parts.Length);
            for (var i = 0; i < parts.Length; i++)
            {
                items.SetValue(Parse(name, parts[i], element), i);
            }

            return items;
        }

        return type.IsEnum ? ParseEnum(name, text, type) : ParseScalar(name, text, type);
    }

    /// <summary>Writes a value as <see cref="Parse"/> reads it.</summary>
    public static string Format(object? value) =>
        value switch
        {
            null => "none",
            bool flag => flag ? "true" : "false",
            string text => text,
            Enum choice => NameOf(choice),
            IEnumerable items => string.Join(',', items.Cast<object>().Select(Format)),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? string.Empty,
        };

    /// <summary>What may be written, for lists and messages.</summary>
    public static string Describe(Type type)
    {
        var bare = Bare(type);
        var kind = bare switch
        {
            _ when ElementOf(bare) is { } element => Describe(element) + ", ...",
            { IsEnum: true } => string.Join(" | ", Enum.GetValues(bare).Cast<Enum>().Select(NameOf)),
            _ when bare == typeof(string) => "text",
            _ when bare == typeof(bool) => "true | false",
            _ when bare == typeof(char) => "character",
            _ when bare == typeof(double) || bare == typeof(float) => "number",
            _ => "whole number",
        };
        return Nullable.GetUnderlyingType(type) is null ? kind : kind + " | none";
    }

    private static object ParseScalar(string name, string text, Type type)
    {
        var culture = CultureInfo.InvariantCulture;
        object? value = type switch
        {
            _ when type == typeof(string) => text,
            _ when type == typeof(bool) => text.ToLowerInvariant() switch
            {
                "true" or "on" or "yes" => true,
                "false" or "off" or "no" => false,
                _ => null,
            },
            _ when type == typeof(char) => text is [var one] ? one : null,
            _ when type == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number) ? number : null,
            _ when type == typeof(long) => long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number) ? number : null,
            _ when type == typeof(ulong) => ulong.TryParse(text, NumberStyles.None, culture, out var number) ? number : null,
            _ when type == typeof(double) => double.TryParse(text, NumberStyles.Float, culture, out var number) ? number : null,
            _ when type == typeof(float) => float.TryParse(text, NumberStyles.Float, culture, out var number) ? number : null,
            _ => null,
        };
        return value
            ?? throw new OptionException(
                $"{name} is '{text}'; it must be {(type == typeof(bool) ? "true or false" : $"a {Describe(type)}")}."
            );
    }

    private static object ParseEnum(string name, string text, Type type) =>
        Enum.GetValues(type)
            .Cast<Enum>()
            .FirstOrDefault(choice => string.Equals(NameOf(choice), text.Replace('-', '_'), StringComparison.OrdinalIgnoreCase))
        ?? throw new OptionException(
            $"{name} is '{text}'; it must be one of {string.Join(", ", Enum.GetValues(type).Cast<Enum>().Select(NameOf))}."
        );

    private static string NameOf(Enum choice) => JsonNamingPolicy.SnakeCaseLower.ConvertName(choice.ToString());

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) && IsSimple(type.GetGenericArguments()[0])
            ? type.GetGenericArguments()[0]
            : null;
}
