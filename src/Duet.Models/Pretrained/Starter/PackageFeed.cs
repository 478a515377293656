// A place that packages come from.
using NuGet.Configuration;

namespace Duet.Models.Pretrained.Starter;

/// <summary>A NuGet source: a v3 feed or a folder.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Source">The address of its index, or the folder.</param>
internal sealed record PackageFeed(string Name, string Source)
{
    private const string Public = "https://api.nuget.org/v3/index.json";

    /// <summary>User and password, where the configuration has them.</summary>
    internal (string User, string Password)? Credentials { get; init; }

    /// <summary>The address, or null where it is a folder.</summary>
    internal Uri? Address =>
        Uri.TryCreate(Source, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;

    /// <summary>
    /// The sources of this machine in their order, as <c>dotnet restore</c> takes them: <c>nuget.config</c> of the working folder and those
    /// above it, of the user and of the machine, without disabled ones. The public feed where there is none.
    /// </summary>
    /// <param name="package">A package, whose sources a mapping may restrict.</param>
    /// <param name="folder">The working folder.</param>
    /// <exception cref="Hub.HubException">A configuration cannot be read.</exception>
    internal static IReadOnlyList<PackageFeed> Configured(string package, string folder)
    {
        try
        {
            var settings = Settings.LoadDefaultSettings(folder);
            var mapping = PackageSourceMapping.GetPackageSourceMapping(settings);
            var mapped = mapping.IsEnabled ? mapping.GetConfiguredPackageSources(package) : null;
            PackageFeed[] feeds =
            [
                .. new PackageSourceProvider(settings)
                    .LoadPackageSources()
                    .Where(source => source.IsEnabled && (mapped is null || mapped.Contains(source.Name, StringComparer.OrdinalIgnoreCase)))
                    .Select(source => new PackageFeed(source.Name, source.Source)
                    {
                        Credentials = source.Credentials is { } known && known.IsValid() ? (known.Username, known.Password) : null,
                    }),
            ];
            return feeds.Length > 0 ? feeds : [new("nuget.org", Public)];
        }
        catch (NuGetConfigurationException e)
        {
            throw new Hub.HubException($"The NuGet configuration that says where packages come from cannot be read: {e.Message}", e);
        }
    }

    // A password must not end up in a log through the record's own text.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append(
            System.Globalization.CultureInfo.InvariantCulture,
            $"Name = {Name}, Source = {Source}, Credentials = {(Credentials is null ? "none" : "set")}"
        );
        return true;
    }
}
