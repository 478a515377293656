// Tasks whose predictions would share a column are refused before anything is trained.
using Duet.Data;
using Duet.Inference;
using Duet.Tests.Data;

namespace Duet.Tests.Inference;

public sealed class PredictionColumnsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("id", "a a_probability", "a_probability")]
    [InlineData("id", "a_image_share a", "a_image_share")]
    [InlineData("id", "a a_decision", "a_decision")]
    [InlineData("id", "a a_reason", "a_reason")]
    [InlineData("a_reason", "a", "the id column 'a_reason'")]
    [InlineData("a", "a", "the id column 'a'")]
    [InlineData("", "row", "row numbers")]
    [InlineData("id", "path path_path", "path_path")]
    public void Two_columns_of_one_name_are_refused(string id, string tasks, string expected)
    {
        var refused = Should.Throw<TableException>(() => Require(id, tasks));
        refused.Message.ShouldContain(expected);
        refused.Column.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("id", "a b")]
    [InlineData("id", "a a_path")]
    [InlineData("", "a probability")]
    public void Others_are_not(string id, string tasks) => Should.NotThrow(() => Require(id, tasks));

    private void Require(string id, string tasks)
    {
        var names = tasks.Split(' ');
        _folder.Write(
            "t.csv",
            string.Join(',', names.Append("title").Append(id).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)) + "\n"
        );
        var table = ProductTable.Open(
            new TableOptions
            {
                Path = _folder["t.csv"],
                TextColumns = ["title"],
                IdColumn = id.Length > 0 ? id : null,
            }
        );
        PredictionColumns.RequireDistinct(
            [
                .. names.Select(name => new TaskDefinition(name, name, TaskKind.SingleLabel, ["x > y", "x > z"])
                {
                    Paths = name == "path" ? ["x > y", "x > z"] : null,
                }),
            ],
            table
        );
    }
}
