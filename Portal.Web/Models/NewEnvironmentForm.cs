using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Results;
using EnvironmentName = Portal.Core.Environments.EnvironmentName;

namespace Portal.Web.Models;

/// <summary>What was typed into the form for a new environment, kept as typed, so that nothing is lost when it is wrong.</summary>
/// <remarks>Not thread-safe; lives in one page. Rules are Core's: the form only says which field a sentence belongs to.</remarks>
public sealed class NewEnvironmentForm
{
    private static readonly IReadOnlyDictionary<string, FormField> s_fields =
        FormSections.All.SelectMany(section => section.Fields).ToDictionary(field => field.Path);

    private static readonly IReadOnlyList<string> s_services = [.. Enum.GetNames<RoutedService>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    private readonly Dictionary<string, string> _values = [];
    private readonly HashSet<string> _changed = [];
    private readonly HashSet<string> _touched = [];
    private List<Error> _refusals = [];
    private bool _attempted;

    public NewEnvironmentForm() => Fill();

    public string Team { get; set; } = "";

    /// <summary>Null leaves the choice to the portal, which is all there is to choose with one cluster.</summary>
    public string? Cluster { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>Empty stands for <see cref="DefaultHost"/>.</summary>
    public string HostName { get; private set; } = "";

    public string Reason { get; private set; } = "";

    public Purpose Purpose { get; set; } = Purpose.Development;

    public Preset Preset { get; private set; } = Preset.Small;

    public string DefaultHost => EnvironmentName.DefaultHost(Team, EnvironmentName.Check(Name) is null ? Name : "name");

    public string Value(string path) => path switch
    {
        "name" => Name,
        "hostName" => HostName,
        "reason" => Reason,
        "cluster" => Cluster ?? "",
        _ => _values[path],
    };

    /// <summary>Starts again from a preset; what the user has changed by hand stays.</summary>
    public void Choose(Preset preset)
    {
        Preset = preset;
        Fill();
    }

    public void Set(string path, string? text)
    {
        _touched.Add(path);
        _refusals.RemoveAll(error => error.Field == path);
        switch (path)
        {
            case "name": Name = text ?? ""; break;
            case "hostName": HostName = (text ?? "").Trim(); break;
            case "cluster": Cluster = text; break;
            case "reason": Reason = text ?? ""; break;
            default:
                _values[path] = text ?? "";
                _changed.Add(path);
                break;
        }
    }

    /// <summary>How many fields differ by hand from the preset.</summary>
    public int ChangedIn(FormSection section) => section.Fields.Count(field => _changed.Contains(field.Path));

    public NewEnvironment ToRequest() => new(Team, Name, Read([]), Reason, Cluster);

    public EnvironmentSpec Spec => Read([]);

    /// <summary>What the server refused; shown at its field until that field is changed.</summary>
    public void Refuse(IReadOnlyList<Error> errors)
    {
        _attempted = true;
        _refusals = [.. errors];
    }

    /// <summary>Marks the form as submitted: from now on every error shows.</summary>
    public IReadOnlyList<Error> Attempt()
    {
        _attempted = true;
        return Validate();
    }

    /// <summary>Everything that is wrong, by Core's rules, in its sentences.</summary>
    public IReadOnlyList<Error> Validate()
    {
        var errors = new List<Error>();
        var spec = Read(errors);
        errors.AddRange(RequestEnvironmentCommand.Validate(new(Team, Name, spec, Reason)));
        errors.AddRange(_refusals.Where(refusal => !errors.Contains(refusal)));
        return errors;
    }

    /// <summary>The sentences to show at a field now: an untouched empty name is not scolded before the first submit.</summary>
    public IReadOnlyList<string> ErrorsAt(string path, IReadOnlyList<Error> errors) =>
        _attempted || _touched.Contains(path) || s_fields.ContainsKey(path)
            ? [.. errors.Where(error => error.Field == path || Nearest(error.Field) == path).Select(error => error.Message)]
            : [];

    /// <summary>Sentences that belong to no field of the form.</summary>
    public static IReadOnlyList<string> Unplaced(IReadOnlyList<Error> errors) =>
        [.. errors.Where(error => Nearest(error.Field) is null).Select(error => error.Message)];

    /// <summary>The field of the form that shows an error about a part of the spec that the form does not ask for itself.</summary>
    private static string? Nearest(string? path)
    {
        if (path is null)
        {
            return null;
        }

        if (path is "name" or "hostName" or "reason" or "team" or "cluster" || s_fields.ContainsKey(path))
        {
            return path;
        }

        return s_fields.Keys.FirstOrDefault(known => path.StartsWith(known, StringComparison.Ordinal));
    }

    private void Fill()
    {
        var preset = SpecJson.ToObject(Presets.Create(Preset, Purpose, "name.portal.example"));
        foreach (var field in s_fields.Values.Where(field => !_changed.Contains(field.Path)))
        {
            _values[field.Path] = Text(Node(preset, field.Path), field.Kind);
        }
    }

    private EnvironmentSpec Read(List<Error> errors)
    {
        var document = SpecJson.ToObject(Presets.Create(Preset, Purpose, HostName.Length > 0 ? HostName : DefaultHost));
        foreach (var field in s_fields.Values)
        {
            if (Parse(field, _values[field.Path].Trim()) is { } value)
            {
                Put(document, field.Path, value.Node);
            }
            else
            {
                errors.Add(SpecErrors.Unreadable(field.Path, Allowed(field.Kind)));
            }
        }

        return document.Deserialize<EnvironmentSpec>(SpecJson.Options)!;
    }

    private static (JsonNode? Node, bool Read)? Parse(FormField field, string text) => field.Kind switch
    {
        FieldKind.Whole => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? (whole, true) : null,
        FieldKind.Decimal => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? (number, true) : null,
        FieldKind.Toggle => (text == "true", true),
        FieldKind.Words => (Texts(text, ','), true),
        FieldKind.Lines => (Texts(text, '\n'), true),
        FieldKind.Numbers => Numbers(text) is { } numbers ? (numbers, true) : null,
        FieldKind.Routes => RouteLines.Read(text, s_services) is { } routes ? (routes, true) : null,
        FieldKind.Exclusions => ExclusionLines.Read(text) is { } exclusions ? (exclusions, true) : null,
        FieldKind.OptionalWhole or FieldKind.OptionalText when text.Length == 0 => (null, true),
        FieldKind.OptionalWhole => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var some) ? (some, true) : null,
        _ => (text, true),
    };

    private static JsonArray Texts(string text, char separator) =>
        [.. text.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(word => (JsonNode)word)];

    private static JsonArray? Numbers(string text)
    {
        var numbers = new JsonArray();
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            numbers.Add((JsonNode)number);
        }

        return numbers;
    }

    private static string Allowed(FieldKind kind) => kind switch
    {
        FieldKind.Whole => "a whole number",
        FieldKind.OptionalWhole => "a whole number, or nothing",
        FieldKind.Numbers => "whole numbers, separated by commas",
        FieldKind.Routes => $"lines like \"/api -> gateway\" or \"/api x-canary: 1 -> publish\", with one of {string.Join(", ", s_services)}",
        FieldKind.Exclusions => "lines like \"/api/editor 941100, 941160\"",
        _ => "a number, for example 2.5",
    };

    private static JsonNode? Node(JsonObject document, string path) =>
        path.Split('.').Aggregate((JsonNode?)document, (node, key) => node![key]);

    private static void Put(JsonObject document, string path, JsonNode? value)
    {
        var keys = path.Split('.');
        var parent = keys[..^1].Aggregate((JsonNode)document, (node, key) => node[key]!);
        parent[keys[^1]] = value;
    }

    private static string Text(JsonNode? node, FieldKind kind) => node switch
    {
        null => "",
        JsonArray routes when kind == FieldKind.Routes => RouteLines.Write(routes),
        JsonArray exclusions when kind == FieldKind.Exclusions => ExclusionLines.Write(exclusions),
        JsonArray items => string.Join(kind == FieldKind.Lines ? "\n" : ", ", items.Select(item => item!.ToString())),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => node.ToJsonString(),
    };
}
