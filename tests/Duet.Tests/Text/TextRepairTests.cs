// Repair of damaged text, by making the damage and undoing it.
using System.Text;
using Duet.Text.Cleaning;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Text;

public sealed class TextRepairTests
{
    private static readonly string[] Sentences =
    [
        "Größe für Mädchen: schöne weiße Blüten",
        "Chaussures légères à lacets, modèle été",
        "Niño pequeño con sombrero español",
        "Летние туфли для женщин",
        "Καλοκαιρινό φόρεμα για γυναίκες",
        "夏のワンピース 日本製",
        "price 45 € – now £30",
    ];

    public static TheoryData<string, string> Damages()
    {
        var data = new TheoryData<string, string>();
        foreach (string encoding in SingleByteEncoding.Candidates.Select(candidate => candidate.Name))
        {
            data.Add(encoding, "Weiße Schuhe für Mädchen, Größe 38");
        }

        // The heuristic is careful on purpose: not every script in every encoding looks damaged enough. In these it does.
        foreach (string sentence in Sentences)
        {
            data.Add("latin-1", sentence);
            data.Add("windows-1252", sentence);
            data.Add("windows-1254", sentence);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void Utf8_read_in_another_encoding_is_undone(string encoding, string sentence) =>
        TextRepair.Fix(ReadWrongly(sentence, encoding)).ShouldBe(sentence);

    [Fact]
    public void Damage_done_three_times_is_undone()
    {
        string text = "crème brûlée";
        for (int i = 0; i < 3; i++)
        {
            text = ReadWrongly(text, "windows-1252");
        }

        TextRepair.Fix(text).ShouldBe("crème brûlée");
    }

    [Fact]
    public void Damage_in_one_part_leaves_the_other_part_alone() =>
        TextRepair.Fix(ReadWrongly("señora", "windows-1252") + " – señor").ShouldBe("señora – señor");

    [Fact]
    public void Surrogates_encoded_one_by_one_are_joined() =>
        TextRepair.Fix("nice \u00ED\u00A0\u00BD\u00ED\u00B8\u008D").ShouldBe("nice 😍");

    [Fact]
    public void A_lost_byte_becomes_the_replacement_character() =>
        TextRepair.Fix("\u00E2\u20AC\u0153quoted\u00E2\u20AC\uFFFD").ShouldBe("\"quoted\uFFFD");

    [Theory]
    [InlineData("Müller & Söhne — “Übergröße”", "Müller & Söhne — \"Übergröße\"")]
    [InlineData("CAFÉ® 2×3 Å", "CAFÉ® 2×3 Å")]
    [InlineData("&eacute; &EACUTE; &nothing; &#8364; &copy 5", "é É &nothing; € &copy 5")]
    [InlineData("<b>&amp;</b>", "<b>&amp;</b>")]
    [InlineData("&amp;\n<b>&amp;\n&amp;", "&\n<b>&amp;\n&amp;")]
    [InlineData("a\r\nb\rc\u2028d", "a\nb\nc\nd")]
    [InlineData("\uFEFFx\u0000y\u000Bz\u007F", "xyz")]
    [InlineData("\u001B[1;31mred\u001B[0m", "red")]
    [InlineData("\uFF21\uFF42\uFF11 \uFF76\uFF9E\u3000x", "Ab1 ガ x")]
    [InlineData("\uFB01sh \u01C6 \u0149", "fish dž 'n")]
    [InlineData("e\u0301 \u1100\u1161\u11A8", "é 각")]
    public void Each_repair_does_its_part(string text, string expected) => TextRepair.Fix(text).ShouldBe(expected);

    [Fact]
    public void Half_surrogates_become_replacement_characters() => TextRepair.Fix("a\uD83Db").ShouldBe("a\uFFFDb");

    [Fact]
    public void Any_text_is_repaired_without_failing() =>
        Prop.ForAll<string?>(text =>
            {
                string repaired = TextRepair.Fix(text ?? string.Empty);
                repaired.ShouldNotContain('\0');
                repaired.ShouldNotContain('\uFEFF');
                UnicodeNormalization.Compose(repaired).ShouldBe(repaired);
            })
            .CheckSeeded();

    [Theory]
    [InlineData("&copy2020 &ampx &notit; &#150; &#x80; &#xD800; &#1; &#99999999;", "©2020 &x ¬it; – € \uFFFD  \uFFFD")]
    [InlineData("&; & &# &#x; &#xg &CounterClockwiseContourIntegral; &NotEqualTilde;", "&; & &# &#x; &#xg ∳ ≂̸")]
    public void References_follow_pythons_rules(string text, string expected) => HtmlReferences.Unescape(text).ShouldBe(expected);

    [Theory]
    [InlineData("ΟΔΟΣ ΣΑΣ Σ", "οδος σας σ")]
    [InlineData("ΑΣ'Α ΑΣ' İ", "ασ'α ας' i\u0307")]
    public void Lower_case_follows_pythons_rules(string text, string expected) => PythonText.ToLower(text).ShouldBe(expected);

    private static string ReadWrongly(string text, string encoding)
    {
        var candidate = SingleByteEncoding.Candidates.Single(item => item.Name == encoding);
        return string.Concat(Encoding.UTF8.GetBytes(text).Select(value => value < 128 ? (char)value : candidate.Decode(value)));
    }
}
