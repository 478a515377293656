// Canonical normalization forms C and D.
using System.Text;

namespace Duet.Text.Cleaning;

/// <summary>
/// Unicode's canonical decomposition and composition (UAX 15), with the data of Unicode 14. .NET's own normalization does nothing when the
/// program runs without culture data, as this one does, and tokens must not depend on that.
/// </summary>
internal static class UnicodeNormalization
{
    private const int HangulFirst = 0xAC00;
    private const int LeadFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TailFirst = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TailCount = 28;
    private const int HangulCount = LeadCount * VowelCount * TailCount;

    private static readonly Dictionary<int, int[]> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];
    private static readonly Dictionary<int, byte> Classes = [];

    static UnicodeNormalization()
    {
        foreach (string[] fields in UnicodeData.Lines("unicode-normalization.txt"))
        {
            int[] numbers = [.. fields.Skip(1).Select(UnicodeData.Number)];
            switch (fields[0])
            {
                case "D":
                    Decompositions.Add(numbers[0], numbers[1..]);
                    Compositions.Add((numbers[1], numbers[2]), numbers[0]);
                    break;
                case "X":
                    Decompositions.Add(numbers[0], numbers[1..]);
                    break;
                case "C":
                    for (int character = numbers[1]; character <= numbers[2]; character++)
                    {
                        Classes.Add(character, (byte)numbers[0]);
                    }

                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Form D: every character taken apart, marks in canonical order.</summary>
    public static string Decompose(string text) => Ascii.IsValid(text) ? text : ToText(Reorder(TakeApart(text)));

    /// <summary>Form C: taken apart, then put together again as far as possible.</summary>
    public static string Compose(string text) => IsBelowCombining(text) ? text : ToText(PutTogether(Reorder(TakeApart(text))));

    // Nothing below the combining marks changes in form C.
    private static bool IsBelowCombining(string text) => !text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF');

    private static List<int> TakeApart(string text)
    {
        var result = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            TakeApart(rune.Value, result);
        }

        return result;
    }

    private static void TakeApart(int character, List<int> result)
    {
        int syllable = character - HangulFirst;
        if (syllable is >= 0 and < HangulCount)
        {
            result.Add(LeadFirst + (syllable / (VowelCount * TailCount)));
            result.Add(VowelFirst + (syllable % (VowelCount * TailCount) / TailCount));
            if (syllable % TailCount > 0)
            {
                result.Add(TailFirst + (syllable % TailCount));
            }
        }
        else if (Decompositions.TryGetValue(character, out int[]? parts))
        {
            foreach (int part in parts)
            {
                TakeApart(part, result);
            }
        }
        else
        {
            result.Add(character);
        }
    }

    private static List<int> Reorder(List<int> characters)
    {
        for (int start = 0; start < characters.Count; start++)
        {
            if (ClassOf(characters[start]) == 0)
            {
                continue;
            }

            int end = start;
            while (end < characters.Count && ClassOf(characters[end]) != 0)
            {
                end++;
            }

            // OrderBy is stable, which canonical order requires.
            int[] marks = [.. characters.Skip(start).Take(end - start).OrderBy(ClassOf)];
            for (int i = 0; i < marks.Length; i++)
            {
                characters[start + i] = marks[i];
            }

            start = end;
        }

        return characters;
    }

    private static List<int> PutTogether(List<int> characters)
    {
        var result = new List<int>(characters.Count);
        int starter = -1;
        int lastClass = 0;
        foreach (int character in characters)
        {
            int own = ClassOf(character);
            bool adjacent = starter == result.Count - 1;
            bool blocked = starter < 0 || (!adjacent && lastClass >= own);
            if (!blocked && TryPair(result[starter], character, out int composed))
            {
                result[starter] = composed;
                continue;
            }

            if (own == 0)
            {
                starter = result.Count;
            }

            lastClass = own;
            result.Add(character);
        }

        return result;
    }

    private static bool TryPair(int first, int second, out int composed)
    {
        int lead = first - LeadFirst;
        int vowel = second - VowelFirst;
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
        {
            composed = HangulFirst + (((lead * VowelCount) + vowel) * TailCount);
            return true;
        }

        int syllable = first - HangulFirst;
        int tail = second - TailFirst;
        if (syllable is >= 0 and < HangulCount && syllable % TailCount == 0 && tail is > 0 and < TailCount)
        {
            composed = first + tail;
            return true;
        }

        return Compositions.TryGetValue((first, second), out composed);
    }

    private static int ClassOf(int character) => Classes.GetValueOrDefault(character);

    private static string ToText(List<int> characters)
    {
        var result = new StringBuilder(characters.Count);
        foreach (int character in characters)
        {
            result.Append(new Rune(character));
        }

        return result.ToString();
    }
}
