using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portal.Core.Environments.Specs;
using Portal.Core.Plans;

namespace Portal.Core.Requests;

/// <summary>What a decision is bound to: SHA-256 over the spec and the plan, in hexadecimal.</summary>
public static class ContentHash
{
    public static string Of(EnvironmentSpec? spec, Plan plan)
    {
        var text = (spec is null ? "delete" : SpecJson.Write(spec)) + "\n" + JsonSerializer.Serialize(plan, SpecJson.Options);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
