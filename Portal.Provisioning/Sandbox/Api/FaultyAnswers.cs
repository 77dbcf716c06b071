namespace Portal.Provisioning.Sandbox;

/// <summary>Serves requests that a fault hits or that somebody observes.</summary>
internal sealed class FaultyAnswers(SandboxFaults faults, TimeProvider time)
{
    public async Task AnswerAsync(ApiCall call, string? name, RequestFault? fault, Func<ApiCall, Task> serve)
    {
        if (fault is not null && fault.Effect != RequestEffect.SlowBody && fault.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fault.Delay, time, call.Aborted);
        }

        switch (fault?.Effect)
        {
            case RequestEffect.Answer:
                throw ApiFault.Injected(fault.Status, fault.RetryAfterSeconds);
            case RequestEffect.CutBefore:
                call.Http.Abort();
                return;
            case RequestEffect.Expire:
                await WatchRequests.ExpireAsync(call);
                return;
            case RequestEffect.CutBody:
                call.Http.Response.Body = new CutBody(call.Http, fault.WholeEvents, time);
                break;
            case RequestEffect.SlowBody:
                call.Http.Response.Body = new SlowBody(call.Http.Response.Body, fault.Delay, time);
                break;
        }

        var cut = fault?.Effect == RequestEffect.CutAfter;
        await (cut || (faults.IsObserved && call.IsWrite) ? HoldAsync(call, name, cut, serve) : serve(call));
    }

    /// <summary>Carries the request out before a byte of its answer leaves.</summary>
    private async Task HoldAsync(ApiCall call, string? name, bool cut, Func<ApiCall, Task> serve)
    {
        var seen = new WriteSeen(
            faults.NextWrite(), WriteStage.Arrived, call.Verb, call.Kind.Kind, call.Namespace, name, call.Subresource, call.Query("dryRun") is { Length: > 0 }, 0);
        await TellAsync(call, seen);
        var response = call.Http.Response;
        var wire = response.Body;
        using var held = new MemoryStream();
        response.Body = held;
        try
        {
            await serve(call);
        }
        catch (ApiFault refusal)
        {
            await ApiResponse.WriteFaultAsync(call.Http, refusal);
        }
        finally
        {
            response.Body = wire;
        }

        await TellAsync(call, seen with { Stage = WriteStage.Done, Status = response.StatusCode });
        if (cut)
        {
            call.Http.Abort();
            return;
        }

        await wire.WriteAsync(held.GetBuffer().AsMemory(0, (int)held.Length), call.Aborted);
    }

    private Task TellAsync(ApiCall call, WriteSeen seen) => call.IsWrite ? faults.TellAsync(seen) : Task.CompletedTask;
}
