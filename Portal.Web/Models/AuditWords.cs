namespace Portal.Web.Models;

/// <summary>The stable verbs of the audit as people say them; an unknown verb is shown as it is.</summary>
public static class AuditWords
{
    public static string Of(string verb) => verb switch
    {
        "environment.request" => "Requested the environment",
        "environment.request-change" => "Requested a change",
        "environment.request-deletion" => "Requested the deletion",
        "request.approve" => "Approved the request",
        "request.reject" => "Rejected the request",
        "request.withdraw" => "Withdrew the request",
        _ => verb,
    };
}
