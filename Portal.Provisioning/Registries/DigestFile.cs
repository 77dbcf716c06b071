using System.Collections.Concurrent;
using Portal.Provisioning.Blueprint;

namespace Portal.Provisioning.Registries;

/// <summary>The file that the digests of images are written down in: a digest that is in it is never asked for again.</summary>
public static class DigestFile
{
    private const int AtOnce = 4;

    /// <summary>Finds out the digests that the file lacks and adds them to it; lines that are there stay as they are, comments too.</summary>
    /// <param name="wanted">Images that should have one, beside those that the file names without.</param>
    /// <param name="limit">How long all of it may take; what is not known by then is left for the next time.</param>
    /// <returns>A sentence for each image that has none now.</returns>
    public static async Task<IReadOnlyList<string>> CompleteAsync(string path, IEnumerable<string> wanted, RegistryClient registry, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        string[] lines = File.Exists(path) ? await File.ReadAllLinesAsync(path, ct) : [];
        var known = ImageDigests.Read(lines, (_, problem) => throw new InvalidDataException(problem));
        var missing = lines.Select(ImageDigests.ReferenceOf).OfType<string>().Concat(wanted)
            .Select(ImageReference.Parse).Where(image => image.Digest is null && known.Of(image.Tagged) is null).DistinctBy(image => image.Tagged).ToList();
        if (missing.Count == 0)
        {
            return [];
        }

        var (found, troubles) = await AskAsync(missing, registry, limit, time, ct);
        if (found.Count > 0)
        {
            await WriteAsync(path, Completed(lines, missing, found), ct);
        }

        return [.. missing.Select(image => troubles.GetValueOrDefault(image.Tagged)).OfType<string>()];
    }

    private static async Task<(IReadOnlyDictionary<string, string> Found, IReadOnlyDictionary<string, string> Troubles)> AskAsync(
        List<ImageReference> missing, RegistryClient registry, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        var (found, troubles) = (new ConcurrentDictionary<string, string>(StringComparer.Ordinal), new ConcurrentDictionary<string, string>(StringComparer.Ordinal));
        using var timeout = new CancellationTokenSource(limit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        await Parallel.ForEachAsync(missing, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (image, _) =>
        {
            try
            {
                found[image.Tagged] = await registry.DigestAsync(image, stop.Token);
            }
            catch (RegistryException trouble)
            {
                troubles[image.Tagged] = trouble.Message;
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                troubles[image.Tagged] = $"{image.Registry} did not say the digest of {image.Repository}:{image.Tag} in time.";
            }
        });
        return (found, troubles);
    }

    private static List<string> Completed(string[] lines, List<ImageReference> missing, IReadOnlyDictionary<string, string> found)
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        List<string> completed = [];
        foreach (var line in lines)
        {
            var image = ImageDigests.ReferenceOf(line) is { } text ? ImageReference.Parse(text) : null;
            var digest = image is { Digest: null } ? found.GetValueOrDefault(image.Tagged) : null;
            completed.Add(digest is null ? line : $"{image!.Tagged}@{digest}");
            if (image is not null)
            {
                written.Add(image.Tagged);
            }
        }

        completed.AddRange(missing.Where(image => found.ContainsKey(image.Tagged) && !written.Contains(image.Tagged)).Select(image => $"{image.Tagged}@{found[image.Tagged]}"));
        return completed;
    }

    /// <summary>Whole or not at all.</summary>
    private static async Task WriteAsync(string path, List<string> lines, CancellationToken ct)
    {
        var beside = $"{path}.new";
        await File.WriteAllLinesAsync(beside, lines, ct);
        File.Move(beside, path, overwrite: true);
    }
}
