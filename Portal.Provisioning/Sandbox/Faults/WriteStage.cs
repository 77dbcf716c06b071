namespace Portal.Provisioning.Sandbox;

/// <summary>The two moments at which a write can be observed.</summary>
public enum WriteStage
{
    /// <summary>The request has arrived; nothing is done yet.</summary>
    Arrived,

    /// <summary>It is carried out or refused; the client has no answer yet.</summary>
    Done,
}
