using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Core.Persistence.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Engine : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Message",
                table: "rollouts",
                type: "character varying(2000)",
                maxLength: 2000,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Removal",
                table: "rollouts",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Data",
                table: "requests",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "Delete");

            migrationBuilder.AddColumn<string>(
                name: "DataOnDeletion",
                table: "environments",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "Delete");

            migrationBuilder.AddColumn<string>(
                name: "Ownership",
                table: "environments",
                type: "text",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<DateTime>(
                name: "RetriedAt",
                table: "environments",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Status_Conflicts",
                table: "environments",
                type: "text",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.CreateTable(
                name: "generations",
                columns: table => new
                {
                    EnvironmentId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<long>(type: "bigint", nullable: false),
                    Spec = table.Column<string>(type: "text", nullable: false),
                    Origin = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    RequestId = table.Column<long>(type: "bigint", nullable: true),
                    ReturnsTo = table.Column<long>(type: "bigint", nullable: true),
                    MadeBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    MadeAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_generations", x => new { x.EnvironmentId, x.Number });
                });

            // What runs now becomes the first known generation, so that a failed update of it has something to return to.
            migrationBuilder.Sql(
                """
                INSERT INTO "generations" ("EnvironmentId", "Number", "Spec", "Origin", "MadeBy", "MadeAt")
                SELECT "Id", "Generation", "Spec", 'Request', "CreatedBy", "CreatedAt" FROM "environments" WHERE "Generation" > 0
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "generations");

            migrationBuilder.DropColumn(
                name: "Message",
                table: "rollouts");

            migrationBuilder.DropColumn(
                name: "Removal",
                table: "rollouts");

            migrationBuilder.DropColumn(
                name: "Data",
                table: "requests");

            migrationBuilder.DropColumn(
                name: "DataOnDeletion",
                table: "environments");

            migrationBuilder.DropColumn(
                name: "Ownership",
                table: "environments");

            migrationBuilder.DropColumn(
                name: "RetriedAt",
                table: "environments");

            migrationBuilder.DropColumn(
                name: "Status_Conflicts",
                table: "environments");
        }
    }
}
