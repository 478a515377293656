// Property tests that draw the same cases in every run.
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Properties;

/// <summary>Checks a property on cases from a fixed seed, so that a run of the tests can be repeated.</summary>
internal static class SeededProperty
{
    private const ulong Seed = 20211203562;
    private const ulong Gamma = 9;

    /// <summary>Throws where a case fails; the message has the smallest one found.</summary>
    public static void CheckSeeded(this Property property, int cases = 100) =>
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(Seed, Gamma));
}
