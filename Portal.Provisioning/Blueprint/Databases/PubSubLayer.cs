using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Databases.Kafka;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Databases;

/// <summary>Pub/Sub by either provider: what runs here for it, and how the services find it.</summary>
internal static class PubSubLayer
{
    /// <summary>Who calls Google Pub/Sub when it is the provider.</summary>
    public static readonly Component[] GoogleClients = [Component.Gateway, Component.Publish, Component.Consume];

    private const string GoogleSecret = "google-pubsub";
    private const string GoogleKey = "key.json";
    private const string GoogleDirectory = "/run/secrets/google";
    private const string GoogleVolume = "google";

    public static bool IsGoogle(EnvironmentSpec spec) => spec.PubSub.Provider == PubSubProvider.Google;

    public static void Render(StackContext stack)
    {
        if (!IsGoogle(stack.Spec))
        {
            KafkaLayer.Render(stack);
            return;
        }

        stack.Note($"Pub/Sub runs in the Google Cloud project {stack.Spec.PubSub.GoogleProject}: make its topics there, and put the key of a service account into the Secret {GoogleSecret} as {GoogleKey}.");
    }

    public static IEnumerable<(string Name, string Value)> Endpoints(StackContext stack)
    {
        var topics = string.Join(',', stack.Spec.PubSub.Topics);
        return stack.Spec.PubSub.GoogleProject is { } project && IsGoogle(stack.Spec)
            ?
            [
                ("PUBSUB_PROVIDER", "google"),
                ("PUBSUB_TOPICS", topics),
                ("GOOGLE_CLOUD_PROJECT", project),
                ("GOOGLE_APPLICATION_CREDENTIALS", $"{GoogleDirectory}/{GoogleKey}"),
            ]
            :
            [
                ("PUBSUB_PROVIDER", "kafka"),
                ("PUBSUB_TOPICS", topics),
                ("KAFKA_BOOTSTRAP", $"{Names.Kafka}:{Ports.KafkaBroker}"),
                ("KAFKA_SASL_MECHANISM", "SCRAM-SHA-512"),
                ("KAFKA_USER", AppCredential.Current(KafkaLayer.AppUser, stack.Spec.DayTwo.PubSubCredential)),
            ];
    }

    /// <summary>The key that a service logs in to Google with. Optional: the owner puts the Secret there, before or after the pods start.</summary>
    public static (JsonObject Volume, JsonObject Mount)? GoogleCredential(EnvironmentSpec spec) => IsGoogle(spec)
        ? (Volumes.OptionalSecret(GoogleVolume, GoogleSecret, GoogleKey), Volumes.ReadOnly(GoogleVolume, GoogleDirectory))
        : null;
}
