using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Results;
using Portal.Web.Api.Bodies;
using EnvironmentName = Portal.Core.Environments.EnvironmentName;

namespace Portal.Web.Api;

/// <summary>Makes a wish for a new environment of what a caller wrote: words become values, and the preset takes the overrides.</summary>
internal static class NewEnvironmentReader
{
    public static Result<NewEnvironment> Read(Result<NewEnvironmentBody> content)
    {
        if (!content.IsSuccess)
        {
            return Result<NewEnvironment>.Refused(content.Errors);
        }

        var body = content.Value;
        var preset = Presets.Parse(body.Preset);
        var purpose = ReadPurpose(body.Purpose);
        if (!preset.IsSuccess || !purpose.IsSuccess)
        {
            return Result<NewEnvironment>.Refused([.. preset.Errors, .. purpose.Errors]);
        }

        // A host name made of a bad name would only be complained about a second time.
        var host = body.HostName ?? EnvironmentName.DefaultHost(body.Team, EnvironmentName.Check(body.Name) is null ? body.Name : "name");
        var spec = SpecJson.Merge(Presets.Create(preset.Value, purpose.Value, host), body.Spec ?? []);
        return spec.IsSuccess
            ? new NewEnvironment(body.Team, body.Name, spec.Value, body.Reason, body.Cluster)
            : Result<NewEnvironment>.Refused(spec.Errors);
    }

    private static Result<Purpose> ReadPurpose(string? word)
    {
        var words = QueryField.WordsOf<Purpose>();
        return word is null ? Purpose.Development
            : words.Contains(word) ? Enum.Parse<Purpose>(word, ignoreCase: true)
            : SpecErrors.Unreadable("purpose", string.Join(", ", words));
    }
}
