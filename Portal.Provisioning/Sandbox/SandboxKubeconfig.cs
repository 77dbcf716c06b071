using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Writes the kubeconfig of the sandbox, readable only by its owner because it holds the token.</summary>
internal static class SandboxKubeconfig
{
    public static void Write(string path, Uri address, string token, string certificatePem) => PrivateFile.Write(path, Text(address, token, certificatePem));

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
