using Portal.Provisioning.Registries;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Registries;

/// <summary>The file of digests is completed once: what is in it is never asked for again, and never changes.</summary>
public sealed class DigestFileTests : IDisposable
{
    private static readonly string s_one = $"sha256:{new string('1', 64)}";
    private static readonly string s_two = $"sha256:{new string('2', 64)}";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly string _directory = TemporaryDirectory.Create("portal-digests-");
    private readonly HttpClient _http = new();

    private string Path => System.IO.Path.Combine(_directory, "images");

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Complete_AFileThatLacksSome_AddsThemAndKeepsTheRestAsItIs()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Tags["mysql:8"] = s_two;
        registry.Tags["redis:8"] = s_two;
        registry.Tags["shop/gateway:1.4.2"] = s_two;
        await File.WriteAllLinesAsync(Path, ["# from the mirror", $"{registry.Host}/mysql:8@{s_one}", $"{registry.Host}/shop/gateway:1.4.2"], TestContext.Current.CancellationToken);

        var troubles = await CompleteAsync(registry, s_patience, "mysql:8", "redis:8", "kafka:4");

        Assert.Equal([$"{registry.Host} has no kafka:4."], troubles);
        Assert.Equal(
            ["# from the mirror", $"{registry.Host}/mysql:8@{s_one}", $"{registry.Host}/shop/gateway:1.4.2@{s_two}", $"{registry.Host}/redis:8@{s_two}"],
            await File.ReadAllLinesAsync(Path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Complete_ASecondTime_AsksOnlyForWhatIsStillMissingAndMovesNoDigest()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Tags["mysql:8"] = s_one;
        Assert.Single(await CompleteAsync(registry, s_patience, "mysql:8", "redis:8"));
        registry.Tags["mysql:8"] = s_two;
        registry.Tags["redis:8"] = s_two;

        Assert.Empty(await CompleteAsync(registry, s_patience, "mysql:8", "redis:8"));
        Assert.Empty(await CompleteAsync(registry, s_patience, "mysql:8", "redis:8"));

        Assert.Equal([$"{registry.Host}/mysql:8@{s_one}", $"{registry.Host}/redis:8@{s_two}"], await File.ReadAllLinesAsync(Path, TestContext.Current.CancellationToken));
        Assert.Equal(3, registry.Asked.Count);
    }

    [Fact]
    public async Task Complete_ARegistryThatDoesNotAnswer_EndsAtTheLimitAndWritesNothing()
    {
        await using var registry = await FakeRegistry.StartAsync();
        var opened = new TaskCompletionSource();
        registry.Opened = opened.Task;

        var troubles = await CompleteAsync(registry, TimeSpan.FromSeconds(1), "mysql:8");

        opened.SetResult();
        Assert.Equal([$"{registry.Host} did not say the digest of mysql:8 in time."], troubles);
        Assert.False(File.Exists(Path));
    }

    private Task<IReadOnlyList<string>> CompleteAsync(FakeRegistry registry, TimeSpan limit, params string[] images) =>
        DigestFile.CompleteAsync(Path, images.Select(image => $"{registry.Host}/{image}"), new RegistryClient(_http), limit, TimeProvider.System, TestContext.Current.CancellationToken);
}
