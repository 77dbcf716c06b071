using System.Globalization;
using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint.Databases;

/// <summary>The Secrets of the password that the application logs in with: a rotation makes a new one and leaves the one before as it is.</summary>
internal static class AppCredential
{
    /// <summary>The first edition has the plain name, each later one its number behind it. Names of accounts follow the same rule.</summary>
    public static string Name(string plain, int version) =>
        version == 1 ? plain : string.Create(CultureInfo.InvariantCulture, $"{plain}-{version}");

    public static string Current(string plain, CredentialVersion edition) => Name(plain, edition.Version);

    /// <summary>The edition before, while it is accepted too; else null.</summary>
    public static string? Previous(string plain, CredentialVersion edition) =>
        edition is { KeepsPrevious: true, Version: > 1 } ? Name(plain, edition.Version - 1) : null;

    /// <summary>The editions that are accepted now, for a server: files <c>app</c> and, while there is one, <c>app-previous</c>.</summary>
    public static IReadOnlyList<(string Secret, string File)> Accepted(string plain, CredentialVersion edition) =>
        Previous(plain, edition) is { } previous ? [(Current(plain, edition), "app"), (previous, "app-previous")] : [(Current(plain, edition), "app")];
}
