using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;

namespace Portal.DataPath.Tests.MySql;

/// <summary>The rendered backup and restore of one environment, with a folder in place of its volume, on a MariaDB server.</summary>
internal sealed class MariaDbScripts
{
    private readonly string _home;
    private readonly (string Name, string Value)[] _environment;

    private MariaDbScripts(string home, int port)
    {
        _home = home;
        _environment = [("PATH", $"{Wrappers(home)}:{Environment.GetEnvironmentVariable("PATH")}"), ("PORT", $"{port}"), ("DATABASE", "app"), ("KEEP_DAYS", "7")];
    }

    public string Dumps => Path.Combine(_home, "dumps");

    public static MariaDbScripts Write(string home, MariaDbServer server)
    {
        var stack = RenderedText.Stack(Presets.Create(Preset.Small, Purpose.Staging, "shop.apps.example"));
        var secrets = Path.Combine(home, "secrets");
        Directory.CreateDirectory(secrets);
        Directory.CreateDirectory(Path.Combine(home, "dumps"));
        foreach (var name in new[] { "backup", "restore" })
        {
            File.WriteAllText(Path.Combine(secrets, name), $"{name}Password{server.Edition}");
            RenderedText.Of(stack, "mysql-scripts", $"{name}.sh")
                .With("/run/secrets/mysql/", $"{secrets}/")
                .With("/dumps", $"{home}/dumps")
                .With(name == "backup" ? "-h \"$SOURCE\"" : "-h \"$TARGET\"", "-h 127.0.0.1 -P \"$PORT\"")
                .Save(home, $"{name}.sh");
        }

        return new(home, server.Port);
    }

    /// <summary>Runs one of them with these variables beside those that each run has.</summary>
    public Task<(int Code, string Output)> RunAsync(string script, params (string Name, string Value)[] variables) =>
        RunToEnd.Async("bash", [Path.Combine(_home, script)], variables.Concat(_environment).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal));

    /// <summary>MariaDB's own client programs under MySQL's names; mysqldump without the one option that MariaDB does not have.</summary>
    private static string Wrappers(string home)
    {
        var bin = Path.Combine(home, "bin");
        foreach (var (name, text) in new[]
        {
            ("mysql", "#!/bin/bash\nexec mariadb --no-defaults \"$@\"\n"),
            ("mysqldump", "#!/bin/bash\nwords=()\nfor word in \"$@\"; do case $word in --set-gtid-purged=OFF) ;; *) words+=(\"$word\") ;; esac; done\nexec mariadb-dump --no-defaults \"${words[@]}\"\n"),
        })
        {
            StandIn.Write(bin, name, text);
        }

        return bin;
    }
}
