namespace Portal.Provisioning.Sandbox;

/// <summary>What happens to a request that a fault hits.</summary>
public enum RequestEffect
{
    /// <summary>It is answered with the fault's status and not carried out.</summary>
    Answer,

    /// <summary>It is served as ever, after the fault's delay.</summary>
    Serve,

    /// <summary>The connection breaks before anything was done.</summary>
    CutBefore,

    /// <summary>It is carried out, and the connection breaks before the answer: the client cannot know what became of a write.</summary>
    CutAfter,

    /// <summary>The answer breaks off in its middle; a watch in the middle of a line.</summary>
    CutBody,

    /// <summary>The answer comes in pieces over the time of the fault's delay.</summary>
    SlowBody,

    /// <summary>The version that a watch resumes from, or the token that a list goes on from, is too old (410). Other requests do not match.</summary>
    Expire,
}
