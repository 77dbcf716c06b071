namespace Portal.Web.Models;

/// <summary>The stable verbs of the audit as people say them; an unknown verb is shown as it is.</summary>
public static class AuditWords
{
    public static string Of(string verb) => verb switch
    {
        "environment.request" => "Requested the environment",
        "environment.request-change" => "Requested a change",
        "environment.request-deletion" => "Requested the deletion",
        "environment.retry" => "Tried it again",
        "environment.take-over" => "Chose that the spec wins",
        "environment.leave" => "Chose that another manager keeps its fields",
        "environment.roll-back" => "Returned to an earlier generation by itself",
        "environment.tear-down" => "Tore down what failed",
        "request.approve" => "Approved the request",
        "request.reject" => "Rejected the request",
        "request.withdraw" => "Withdrew the request",
        _ => verb,
    };
}
