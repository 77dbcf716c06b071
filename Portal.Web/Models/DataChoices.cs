using Portal.Core.Environments;
using Portal.Core.Environments.Specs;

namespace Portal.Web.Models;

/// <summary>One answer to what becomes of the data.</summary>
/// <param name="Meaning">What follows, in a sentence.</param>
/// <param name="Button">What the button says that carries it out.</param>
public sealed record DataChoice(DataDisposition Data, string Title, string Meaning, string Button);

/// <summary>What may become of an environment's data when it is deleted, in the words of the dialog and of the request.</summary>
public static class DataChoices
{
    public static IReadOnlyList<DataChoice> All { get; } =
    [
        new(DataDisposition.Delete, "Delete its data", "Every volume goes with everything on it. Nobody can bring it back.", "Delete it and its data"),
        new(DataDisposition.Keep, "Keep its volumes", "The volumes stay in the cluster, and keep costing, until somebody deletes them; the report names them.", "Delete it, keep its volumes"),
        new(DataDisposition.BackUp, "Write a last backup first", "MySQL is written to a backup volume, which stays; the other volumes go.", "Back up, then delete it"),
    ];

    public static DataChoice Of(DataDisposition data) => All.Single(choice => choice.Data == data);

    /// <summary>Chosen until somebody chooses: the data of production outlives a slip of the hand.</summary>
    public static DataDisposition Default(EnvironmentSpec spec) => spec.Purpose == Purpose.Production ? DataDisposition.Keep : DataDisposition.Delete;
}
