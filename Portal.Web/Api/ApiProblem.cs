using Microsoft.AspNetCore.Mvc;

namespace Portal.Web.Api;

/// <summary>An answer that refuses, as problem details.</summary>
public sealed class ApiProblem(ProblemDetails details) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => ApiProblems.WriteAsync(httpContext, details);
}
