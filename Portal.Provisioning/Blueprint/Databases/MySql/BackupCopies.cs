using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Databases.MySql;

/// <summary>Copies of the dumps in the platform's object store: put there by the Jobs that dump, fetched from there by a restore in another environment.</summary>
/// <remarks>
/// Nothing is ever changed or removed there: the credentials need no right to, and how long copies are kept is the bucket's own lifecycle.
/// rclone is told everything by variables, so that there is no configuration file with credentials in it.
/// </remarks>
internal static class BackupCopies
{
    /// <summary>What rclone calls the store; its variables carry the name.</summary>
    private const string Remote = "store";

    private const string Scripts = "mysql-fetch";

    public static IEnumerable<Flow> Flows(EnvironmentSpec spec, PlatformSettings platform)
    {
        if (platform.ObjectStore is not { } store || spec.MySql.IsExternal())
        {
            yield break;
        }

        yield return Flow(store, "copies of backups", Roles.Backup);
        if (spec.DayTwo.Restore is { IsOpen: true, From: not null })
        {
            yield return Flow(store, "backup of another environment", Roles.Restore);
        }
    }

    /// <summary>The dump, and then its copy: a Job that could not make both has failed.</summary>
    /// <remarks>Whatever dump the store lacks is copied, so that a night when it was away is made up for.</remarks>
    public static PodPlan ThenUpload(StackContext stack, PodPlan dump, S3Store store) => dump with
    {
        Init = dump.Containers,
        Containers =
        [
            Container(store, "upload") with
            {
                Command =
                [
                    "rclone", "copy", "/dumps", Folder(store, stack.Identity.Namespace, stack.Identity.Id.ToString()),
                    "--include", "/app-*.sql.gz", "--max-depth", "1", "--immutable",
                ],
                Mounts = [Volumes.ReadOnly("dumps", "/dumps")],
            },
        ],
    };

    /// <summary>The backup of the other environment, and then its restore.</summary>
    public static PodPlan FetchThen(StackContext stack, RestoreSpec wanted, BackupOwner owner, PodPlan restore, S3Store store)
    {
        ConfigMaps.Add(stack, Component.MySql, Scripts, ("fetch.sh", Template.Fill("Databases/MySql/fetch.sh")));
        var fetch = Container(store, "fetch");
        return restore with
        {
            Init =
            [
                fetch with
                {
                    Command = ["/bin/sh", "/scripts/fetch.sh"],
                    Env =
                    [
                        Env.Value("FOLDER", Folder(store, owner.Namespace, owner.Environment)), Env.Value("OWNER", owner.Namespace),
                        Env.Value("NUMBER", wanted.Number.ToString(CultureInfo.InvariantCulture)), Env.Value("BACKUP", wanted.Backup ?? ""), .. fetch.Env,
                    ],
                    Mounts = [Volumes.Mount("dumps", "/dumps"), Volumes.ReadOnly("fetch", "/scripts")],
                },
            ],
            Volumes = [.. restore.Volumes, Volumes.ConfigMap("fetch", Scripts)],
        };
    }

    private static Flow Flow(S3Store store, string label, string role) =>
        Wiring.Tcp(Component.MySql, null, label, store.Endpoint.Port) with { Role = role, Within = store.Addresses() };

    /// <remarks>With the environment's id: a namespace is used again after a deletion, and two teams may have the same one on two clusters.</remarks>
    private static string Folder(S3Store store, string owner, string environment) =>
        $"{Remote}:{store.Bucket}/{(store.Prefix is null ? "" : $"{store.Prefix}/")}{owner}/mysql/{environment}";

    private static ContainerPlan Container(S3Store store, string name) => new(name, Images.Rclone, new PodSize(100, 256))
    {
        Env =
        [
            // Its word for "there is none".
            Env.Value("RCLONE_CONFIG", "/notfound"),
            Env.Value("RCLONE_LOG_LEVEL", "INFO"),
            Env.Value("RCLONE_USE_JSON_LOG", "true"),
            Env.Value("RCLONE_RETRIES_SLEEP", "10s"),
            // One file at a time, in few parts at once: memory is limited, and parts grow with the file.
            Env.Value("RCLONE_TRANSFERS", "1"),
            Setting("UPLOAD_CONCURRENCY", "2"),
            Setting("TYPE", "s3"),
            Setting("PROVIDER", "Other"),
            Setting("ENDPOINT", store.Endpoint.GetLeftPart(UriPartial.Authority)),
            Setting("REGION", store.Region),
            Setting("FORCE_PATH_STYLE", store.PathStyle ? "true" : "false"),
            Setting("LIST_VERSION", "2"),
            // Else it would try to make the bucket.
            Setting("NO_CHECK_BUCKET", "true"),
            Env.Secret($"RCLONE_CONFIG_{Name}_ACCESS_KEY_ID", store.Secret, S3Store.AccessKey),
            Env.Secret($"RCLONE_CONFIG_{Name}_SECRET_ACCESS_KEY", store.Secret, S3Store.SecretKey),
        ],
    };

    private static JsonObject Setting(string name, string value) => Env.Value($"RCLONE_CONFIG_{Name}_{name}", value);

    private static string Name => Remote.ToUpperInvariant();
}
