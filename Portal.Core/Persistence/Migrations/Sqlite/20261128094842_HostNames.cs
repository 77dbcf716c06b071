using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Core.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class HostNames : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "host_names",
                columns: table => new
                {
                    EnvironmentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Host = table.Column<string>(type: "TEXT", maxLength: 253, nullable: false),
                    Cluster = table.Column<string>(type: "TEXT", maxLength: 63, nullable: false),
                    Approved = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_host_names", x => new { x.EnvironmentId, x.Host });
                });

            migrationBuilder.CreateIndex(
                name: "IX_host_names_approved",
                table: "host_names",
                columns: new[] { "Cluster", "Host" },
                unique: true,
                filter: "\"Approved\"");

            migrationBuilder.CreateIndex(
                name: "IX_host_names_Cluster_Host",
                table: "host_names",
                columns: new[] { "Cluster", "Host" });

            // Of environments that share a name the older one keeps it.
            migrationBuilder.Sql(
                """
                INSERT OR IGNORE INTO host_names ("EnvironmentId", "Cluster", "Host", "Approved")
                SELECT "Id", "Cluster", host, "Generation" > 0 FROM (
                    SELECT "Id", "Cluster", "Generation", "CreatedAt", "Status_Phase", json_extract("Spec", '$.hostName') AS host FROM environments
                    UNION ALL
                    SELECT named."Id", "Cluster", "Generation", "CreatedAt", "Status_Phase", other.value FROM environments AS named, json_each("Spec", '$.edge.otherHostNames') AS other)
                WHERE "Status_Phase" <> 'Deleted' AND host IS NOT NULL
                ORDER BY "CreatedAt";
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "host_names");
        }
    }
}
