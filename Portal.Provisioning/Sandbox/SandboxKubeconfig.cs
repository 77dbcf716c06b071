using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Writes the kubeconfig of the sandbox, readable only by its owner because it holds the token.</summary>
internal static class SandboxKubeconfig
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static void Write(string path, Uri address, string token, string certificatePem)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        // Written beside and moved, so that a reader never sees half a file.
        var draft = $"{full}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(draft, s_utf8, options))
        {
            writer.Write(Text(address, token, certificatePem));
        }

        File.Move(draft, full, overwrite: true);
    }

    // JSON is YAML: no writer needed, and nothing to quote wrongly.
    private static string Text(Uri address, string token, string certificatePem) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Config",
        ["current-context"] = "portal-sandbox",
        ["clusters"] = new JsonArray(new JsonObject
        {
            ["name"] = "portal-sandbox",
            ["cluster"] = new JsonObject
            {
                ["server"] = address.ToString().TrimEnd('/'),
                ["certificate-authority-data"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(certificatePem)),
            },
        }),
        ["users"] = new JsonArray(new JsonObject { ["name"] = "portal-sandbox", ["user"] = new JsonObject { ["token"] = token } }),
        ["contexts"] = new JsonArray(new JsonObject
        {
            ["name"] = "portal-sandbox",
            ["context"] = new JsonObject { ["cluster"] = "portal-sandbox", ["user"] = "portal-sandbox" },
        }),
    }.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }) + "\n";

}
