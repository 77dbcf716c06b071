using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Reads and sets the conditions of a status; the transition time moves only with the status.</summary>
internal static class Conditions
{
    public static JsonObject? Find(JsonObject? status, string type) =>
        status.Items("conditions").FirstOrDefault(condition => condition.Text("type") == type);

    public static bool Holds(JsonObject? status, string type) => Find(status, type)?.Text("status") == "True";

    public static JsonObject Set(JsonObject status, string type, bool holds, string now, string? reason = null, string? message = null)
    {
        if (status["conditions"] is not JsonArray list)
        {
            status["conditions"] = list = [];
        }

        var condition = Find(status, type);
        if (condition is null)
        {
            condition = new JsonObject { ["type"] = type };
            list.Add(condition);
        }

        var text = holds ? "True" : "False";
        if (condition.Text("status") != text)
        {
            condition["status"] = text;
            condition["lastTransitionTime"] = now;
        }

        Put(condition, "reason", reason);
        Put(condition, "message", message);
        return condition;
    }

    public static void Remove(JsonObject status, string type)
    {
        if (status["conditions"] is JsonArray list && Find(status, type) is { } condition)
        {
            list.Remove(condition);
            if (list.Count == 0)
            {
                status.Remove("conditions");
            }
        }
    }

    private static void Put(JsonObject condition, string field, string? value)
    {
        if (value is null)
        {
            condition.Remove(field);
        }
        else if (condition.Text(field) != value)
        {
            condition[field] = value;
        }
    }
}
