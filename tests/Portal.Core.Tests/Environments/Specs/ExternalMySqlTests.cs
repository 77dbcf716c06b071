using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Operations;
using Portal.Testing;

namespace Portal.Core.Tests.Environments.Specs;

/// <summary>A database of somebody else: what of our own servers means nothing then, and that nothing is done to it here.</summary>
public sealed class ExternalMySqlTests
{
    private const string Elsewhere =
        "MySQL is a database of others (db.shop.example), which is not run here: its owner backs it up, restores, scales and restarts it. For another password put it into the Secret shop-db and restart the services.";

    private static readonly EnvironmentSpec s_external = With(ASpec.Medium(), spec => spec with
    {
        Source = MySqlSource.External,
        External = new() { Host = "db.shop.example", Database = "shop", User = "shop", SecretName = "shop-db" },
    });

    public static TheoryData<Operation> OperationsOnMySql =>
    [
        new Operation.BackUp(), new Operation.Restore(null), new Operation.AddReadReplica(), new Operation.RemoveReadReplica(), new Operation.Promote(1),
        new Operation.ResizeVolume(Component.MySql, 100), new Operation.RotateCredential(Component.MySql), new Operation.Restart(Component.MySql),
    ];

    [Theory]
    [MemberData(nameof(OperationsOnMySql))]
    public void Operation_OnTheDatabase_IsRefusedWithWhoDoesItInstead(Operation operation)
    {
        Assert.Equal(Elsewhere, Assert.Single(OperationRules.Apply(operation, s_external).Errors).Message);
        Assert.True(OperationRules.Apply(operation, ASpec.Medium()).IsSuccess);
    }

    [Fact]
    public void Operation_OnTheRest_IsAsEver()
    {
        var changed = OperationRules.Apply(new Operation.Restart(Component.Gateway), s_external).Value;

        Assert.Empty(SpecValidator.Validate(changed, s_external));
        Assert.Empty(SpecValidator.Validate(OperationRules.Apply(new Operation.Pause(), s_external).Value, s_external));
    }

    /// <summary>What an operation does can be written into a spec as well.</summary>
    [Fact]
    public void Change_OfWhatOperationsWrite_IsRefusedInTheSameWords()
    {
        (string Field, DayTwoSpec DayTwo)[] changes =
        [
            ("dayTwo.backups", new() { Backups = 1, IsBackingUp = true }), ("dayTwo.restore.number", new() { Restore = new(1, null, IsOpen: true) }), ("dayTwo.mySqlPrimary", new() { MySqlPrimary = 1 }),
            ("dayTwo.mySqlCredential.version", new() { MySqlCredential = new(2, true) }), ("dayTwo.restarts.mySql", new() { Restarts = new() { MySql = 1 } }),
        ];

        foreach (var (field, dayTwo) in changes)
        {
            var refused = Assert.Single(SpecValidator.Validate(s_external with { DayTwo = dayTwo }, s_external));
            Assert.Equal((field, Elsewhere), (refused.Field, refused.Message));
        }
    }

    [Fact]
    public void Source_OfAnEnvironmentThatRuns_StaysAndSaysWhatToDo()
    {
        var toExternal = Assert.Single(SpecValidator.Validate(s_external, ASpec.Medium()));
        var toDedicated = Assert.Single(SpecValidator.Validate(ASpec.Medium(), s_external));

        Assert.Equal(("mySql.source", "mySql.source"), (toExternal.Field, toDedicated.Field));
        Assert.EndsWith("Make a new environment with the external database, back up here, and load the backup there.", toExternal.Message, StringComparison.Ordinal);
        Assert.EndsWith("Make a new environment, and load a dump of the external database there.", toDedicated.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Address_OfAnEnvironmentThatRuns_MayChangeAndAFailedUpdateTakesItBack()
    {
        var moved = With(s_external, spec => spec with { External = spec.External with { Host = "10.20.3.4", ReadHost = "10.20.3.5" } });

        Assert.Empty(SpecValidator.Validate(moved, s_external));
        Assert.Equal(s_external.MySql.External, SpecGrowth.Return(s_external, moved).MySql.External);
    }

    /// <summary>A size that somebody asked for and nobody gives would be a misunderstanding; those of the preset nobody asked for.</summary>
    [Fact]
    public void Sizes_OfServersThatThereAreNone_AreRefusedWhenTheyAreAskedFor()
    {
        var sized = With(s_external, spec => spec with { ReadReplicas = 3, StorageGiB = 100, BackupHour = 5 });

        Assert.Empty(SpecValidator.ValidateNew(s_external));
        Assert.Equal(["mySql.readReplicas", "mySql.storageGiB", "mySql.backupHour"], SpecValidator.ValidateNew(sized).Select(error => error.Field));
        Assert.Equal(["mySql.readReplicas", "mySql.storageGiB", "mySql.backupHour"], SpecValidator.Validate(sized, s_external).Select(error => error.Field));
        Assert.Equal(
            "mySql.readReplicas is about servers of the environment's own, and mySql.source is external. Leave it at 2; the owner of the database decides such things.",
            SpecValidator.ValidateNew(sized)[0].Message);
    }

    [Fact]
    public void LastBackup_OfADatabaseOfOthers_IsNotOffered() =>
        Assert.StartsWith("Its MySQL is a database of others", DataDisposition.BackUp.Obstacle(s_external), StringComparison.Ordinal);

    private static EnvironmentSpec With(EnvironmentSpec spec, Func<MySqlSpec, MySqlSpec> change) => spec with { MySql = change(spec.MySql) };
}
