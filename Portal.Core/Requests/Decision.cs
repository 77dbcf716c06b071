namespace Portal.Core.Requests;

public enum Verdict
{
    Approve,
    Reject,
}

/// <summary>One approver's word on one content of a request.</summary>
public sealed record Decision(string ApproverId, string ApproverName, Verdict Verdict, string? Comment, string ContentHash, DateTimeOffset At);
