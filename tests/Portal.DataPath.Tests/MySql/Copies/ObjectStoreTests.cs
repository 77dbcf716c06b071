using System.IO.Compression;
using Portal.Testing;

namespace Portal.DataPath.Tests.MySql.Copies;

/// <summary>The rendered copying of dumps on the real rclone, with a store that checks every signature.</summary>
public sealed class ObjectStoreTests : IAsyncLifetime
{
    private readonly string _home = TemporaryDirectory.Create("portal-copies-");
    private S3Bucket _bucket = null!;
    private CopyingJobs _jobs = null!;

    public async ValueTask InitializeAsync()
    {
        _bucket = await S3Bucket.StartAsync();
        _jobs = new(_home, _bucket);
        Directory.CreateDirectory(_jobs.Dumps);
    }

    public async ValueTask DisposeAsync()
    {
        await _bucket.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task Upload_OfWhatTheStoreLacks_CopiesWholeDumpsAlone()
    {
        Dump("app-20261126T021700Z.sql.gz", "one");
        Dump("before-restore-1.sql.gz", "not to be copied");
        await File.WriteAllTextAsync(Path.Combine(_jobs.Dumps, "app-20261127T021700Z.sql.gz.part"), "half");
        await SucceedsAsync(_jobs.UploadAsync());
        Dump("app-20261127T021700Z.sql.gz", "two");
        await SucceedsAsync(_jobs.UploadAsync());
        await SucceedsAsync(_jobs.UploadAsync());

        Assert.Equal([$"{CopyingJobs.Folder}/app-20261126T021700Z.sql.gz", $"{CopyingJobs.Folder}/app-20261127T021700Z.sql.gz"], _bucket.Objects.Keys.Order());
        Assert.All(_bucket.Objects, copy => Assert.Equal(File.ReadAllBytes(Path.Combine(_jobs.Dumps, Path.GetFileName(copy.Key))), copy.Value));
        Assert.Equal(2, _bucket.Writes);
        Assert.DoesNotContain(_bucket.Refused, refused => !refused.EndsWith("NoSuchKey", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Upload_OfAnotherContentUnderAKnownName_Fails()
    {
        Dump("app-20261126T021700Z.sql.gz", "one");
        await SucceedsAsync(_jobs.UploadAsync());
        var before = _bucket.Objects.Single().Value;
        Dump("app-20261126T021700Z.sql.gz", "something else");

        var (code, output) = await _jobs.UploadAsync();

        Assert.NotEqual(0, code);
        Assert.Contains("immutable", output, StringComparison.Ordinal);
        Assert.Equal(before, _bucket.Objects.Single().Value);
    }

    [Fact]
    public async Task Upload_WithCredentialsThatAreNotTheStores_FailsTheJob()
    {
        Dump("app-20261126T021700Z.sql.gz", "one");

        var (code, output) = await new CopyingJobs(_home, _bucket) { SecretKey = "another" }.UploadAsync();

        Assert.NotEqual(0, code);
        Assert.DoesNotContain(S3Bucket.SecretKey, output, StringComparison.Ordinal);
        Assert.Empty(_bucket.Objects);
    }

    [Fact]
    public async Task Fetch_WithoutAName_BringsTheNewestAndKeepsToItOnASecondTry()
    {
        _bucket.Put($"{CopyingJobs.Folder}/app-20261126T021700Z.sql.gz", [1]);
        _bucket.Put($"{CopyingJobs.Folder}/app-20261127T021700Z.sql.gz", [2]);
        Directory.CreateDirectory(Path.Combine(_jobs.Dumps, "from-6"));

        await SucceedsAsync(_jobs.FetchAsync(7));
        _bucket.Put($"{CopyingJobs.Folder}/app-20261128T021700Z.sql.gz", [3]);
        await SucceedsAsync(_jobs.FetchAsync(7));

        Assert.Equal(["from-7/app-20261127T021700Z.sql.gz"], Fetched());
        Assert.Equal([2], await File.ReadAllBytesAsync(Path.Combine(_jobs.Dumps, "from-7", "app-20261127T021700Z.sql.gz")));
        Assert.False(Directory.Exists(Path.Combine(_jobs.Dumps, "from-6")));
    }

    [Fact]
    public async Task Fetch_OfANamedOne_BringsThatOne()
    {
        _bucket.Put($"{CopyingJobs.Folder}/app-20261126T021700Z.sql.gz", [1]);
        _bucket.Put($"{CopyingJobs.Folder}/app-20261127T021700Z.sql.gz", [2]);

        await SucceedsAsync(_jobs.FetchAsync(1, "app-20261126T021700Z.sql.gz"));

        Assert.Equal(["from-1/app-20261126T021700Z.sql.gz"], Fetched());
    }

    [Fact]
    public async Task Fetch_OfWhatIsNotThere_SaysSoAndBringsNothing()
    {
        _bucket.Put($"{CopyingJobs.Folder}/app-20261126T021700Z.sql.gz", [1]);

        await RefusesAsync(_jobs.FetchAsync(1, "app-20250101T000000Z.sql.gz"), "the object store has no backup app-20250101T000000Z.sql.gz of shop");
        await RefusesAsync(_jobs.FetchAsync(1, owner: "nobody"), "the object store has no backup of nobody");
        await RefusesAsync(new CopyingJobs(_home, _bucket) { SecretKey = "another" }.FetchAsync(1), "does not answer as it should");
        await RefusesAsync(new CopyingJobs(_home, _bucket) { SecretKey = "another" }.FetchAsync(1, "app-20261126T021700Z.sql.gz"), "could not be fetched");

        Assert.Empty(Fetched());
    }

    private void Dump(string name, string text)
    {
        using var zip = new GZipStream(File.Create(Path.Combine(_jobs.Dumps, name)), CompressionLevel.Fastest);
        zip.Write(System.Text.Encoding.UTF8.GetBytes(text));
    }

    private IEnumerable<string> Fetched() => Directory.EnumerateFiles(_jobs.Dumps, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_jobs.Dumps, file)).Order(StringComparer.Ordinal);

    private static async Task SucceedsAsync(Task<(int Code, string Output)> running)
    {
        var (code, output) = await running;
        Assert.True(code == 0, output);
    }

    private static async Task RefusesAsync(Task<(int Code, string Output)> running, string sentence)
    {
        var (code, output) = await running;
        Assert.NotEqual(0, code);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
    }
}
