using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Core.Persistence.Migrations.Postgres
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
                    EnvironmentId = table.Column<Guid>(type: "uuid", nullable: false),
                    Host = table.Column<string>(type: "character varying(253)", maxLength: 253, nullable: false),
                    Cluster = table.Column<string>(type: "character varying(63)", maxLength: 63, nullable: false),
                    Approved = table.Column<bool>(type: "boolean", nullable: false)
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
                INSERT INTO host_names ("EnvironmentId", "Cluster", "Host", "Approved")
                SELECT "Id", "Cluster", host, "Generation" > 0 FROM (
                    SELECT "Id", "Cluster", "Generation", "CreatedAt", "Status_Phase", "Spec"::jsonb ->> 'hostName' AS host FROM environments
                    UNION ALL
                    SELECT "Id", "Cluster", "Generation", "CreatedAt", "Status_Phase", other.value
                    FROM environments, jsonb_array_elements_text(
                        CASE jsonb_typeof("Spec"::jsonb #> '{edge,otherHostNames}') WHEN 'array' THEN "Spec"::jsonb #> '{edge,otherHostNames}' ELSE '[]'::jsonb END) AS other(value)) AS named
                WHERE "Status_Phase" <> 'Deleted' AND host IS NOT NULL
                ORDER BY "CreatedAt"
                ON CONFLICT DO NOTHING;
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
