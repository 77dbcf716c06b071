using System.Globalization;
using Microsoft.AspNetCore.Http;
using Portal.Core.Environments.Specs;

namespace Portal.DataPath.Tests.Edge;

/// <summary>Large files are kept in slices of a MiB.</summary>
public sealed class EdgeMediaTests : EdgeTest
{
    private const int Slice = 1024 * 1024;
    private static readonly byte[] s_film = [.. Enumerable.Range(0, 3 * Slice + 123).Select(i => (byte)(i * 7))];

    private protected override EnvironmentSpec Spec => LocalEdge.Spec with { Edge = LocalEdge.Spec.Edge with { Media = true } };

    [Fact]
    public async Task Part_OfAFile_FetchesItsSliceAloneAndTheWholeOnlyWhatIsMissing()
    {
        var part = await GetAsync("/media/film.mp4", ("Range", $"bytes={2 * Slice + 5}-{2 * Slice + 14}"));
        Assert.Equal((206, 1), (part.Status, Origin.Hits("/media/film.mp4")));
        Assert.Equal(s_film[(2 * Slice + 5)..(2 * Slice + 15)], part.Body);

        var whole = await GetAsync("/media/film.mp4");

        Assert.Equal(4, Origin.Hits("/media/film.mp4"));
        Assert.Equal(s_film, whole.Body);
        Assert.Equal("127.0.0.1", Origin.Header("/media/film.mp4", "X-Forwarded-For"));
    }

    [Fact]
    public async Task File_AskedForWithAnotherQuery_IsAnother()
    {
        await GetAsync("/media/film.mp4?signature=alice", ("Range", "bytes=0-9"));
        await GetAsync("/media/film.mp4?signature=bob", ("Range", "bytes=0-9"));

        Assert.Equal((1, 1), (Origin.Hits("/media/film.mp4?signature=alice"), Origin.Hits("/media/film.mp4?signature=bob")));
    }

    private protected override async Task AnswerAsync(HttpContext context)
    {
        var range = context.Request.Headers.Range.ToString()["bytes=".Length..].Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        var end = Math.Min(range[1], s_film.Length - 1);
        context.Response.StatusCode = 206;
        context.Response.Headers.ETag = "\"film\"";
        context.Response.Headers.ContentRange = $"bytes {range[0]}-{end}/{s_film.Length}";
        context.Response.ContentLength = end - range[0] + 1;
        await context.Response.Body.WriteAsync(s_film.AsMemory(range[0], end - range[0] + 1));
    }
}
