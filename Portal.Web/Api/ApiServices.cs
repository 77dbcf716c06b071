using Portal.Core.Environments.Specs;
using Portal.Web.Options;

namespace Portal.Web.Api;

/// <summary>Registers what the REST API needs.</summary>
public static class ApiServices
{
    public static IServiceCollection AddPortalApi(this IServiceCollection services, PortalSettings settings)
    {
        services.ConfigureHttpJsonOptions(options =>
        {
            foreach (var converter in SpecJson.Options.Converters)
            {
                options.SerializerOptions.Converters.Add(converter);
            }

            options.SerializerOptions.NumberHandling = SpecJson.Options.NumberHandling;
            options.SerializerOptions.RespectNullableAnnotations = true;
        });
        services.AddExceptionHandler<ApiExceptions>();
        services.AddPortalRateLimits(settings);
        services.AddPortalOpenApi();
        return services;
    }
}
