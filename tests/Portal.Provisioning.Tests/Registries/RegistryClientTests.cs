using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Registries;

namespace Portal.Provisioning.Tests.Registries;

public sealed class RegistryClientTests : IDisposable
{
    private static readonly string s_digest = $"sha256:{new string('a', 64)}";

    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Digest_OfATagThatIsThere_IsWhatTheRegistrySays()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Tags["library/mysql:8.4.11"] = s_digest;

        Assert.Equal(s_digest, await AskAsync(registry, "library/mysql:8.4.11"));
        Assert.Equal(["HEAD /v2/library/mysql/manifests/8.4.11"], registry.Asked);
    }

    [Fact]
    public async Task Digest_WhereATokenIsWanted_IsAskedForWithOneForThisRepository()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.WantsToken = true;
        registry.Tags["mysql:8.4.11"] = s_digest;

        Assert.Equal(s_digest, await AskAsync(registry, "mysql:8.4.11"));
        Assert.Equal(
            ["HEAD /v2/mysql/manifests/8.4.11", "GET /token?scope=repository%3Amysql%3Apull&service=fake%20registry", "HEAD /v2/mysql/manifests/8.4.11"],
            registry.Asked);
    }

    [Theory]
    [InlineData("mysql:9", "", null, "has no mysql:9.")]
    [InlineData("mysql:8", "sha512:abc", null, "names no SHA-256 digest of mysql:8.")]
    [InlineData("mysql:8", "", null, "names no SHA-256 digest of mysql:8.")]
    [InlineData("mysql:8", "sha256:x", "Basic realm=\"private\"", "wants a login for mysql.")]
    [InlineData("mysql:8", "sha256:x", "Bearer realm=\"http://registry.example/token\"", "wants a login for mysql.")]
    public async Task Digest_ThatTheRegistryDoesNotSay_IsRefusedInASentence(string asked, string answered, string? challenge, string says)
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Tags["mysql:8"] = answered;
        registry.WantsToken = challenge is not null;
        registry.Challenge = challenge;

        var trouble = await Assert.ThrowsAsync<RegistryException>(() => AskAsync(registry, asked));

        Assert.Equal($"{registry.Host} {says}", trouble.Message);
    }

    [Fact]
    public async Task Digest_OfARegistryThatIsNotThere_IsRefusedInASentence()
    {
        string host;
        await using (var registry = await FakeRegistry.StartAsync())
        {
            host = registry.Host;
        }

        var trouble = await Assert.ThrowsAsync<RegistryException>(() => new RegistryClient(_http).DigestAsync(ImageReference.Parse($"{host}/mysql:8"), TestContext.Current.CancellationToken));

        Assert.StartsWith($"{host} cannot be asked for mysql:8: ", trouble.Message, StringComparison.Ordinal);
    }

    private Task<string> AskAsync(FakeRegistry registry, string image) =>
        new RegistryClient(_http).DigestAsync(ImageReference.Parse($"{registry.Host}/{image}"), TestContext.Current.CancellationToken);
}
