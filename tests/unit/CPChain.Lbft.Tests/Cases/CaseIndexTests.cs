using System.Text.RegularExpressions;
using CPChain.Lbft.Tests.Traces;

namespace CPChain.Lbft.Tests.Cases;

/// <summary>specs/lbft/cases.md names every case and its test; the page and the test methods of the repository are the same set.</summary>
public sealed partial class CaseIndexTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Fixtures.Folder, "..", ".."));

    /// <summary>Ids that must be there; an id is the start of a test's name.</summary>
    private static readonly string[] Required =
    [
        .. Numbered("Case_20_1_A", 1, 13).Except(["Case_20_1_A3_"]),
        .. Numbered("Case_20_1_A3_", 1, 4),
        .. Numbered("Case_20_2_F", 1, 6),
        .. Numbered("Case_20_2_R", 1, 4),
        .. Numbered("Case_20_11_X", 1, 5),
        .. Numbered("Case_20_11_X", 7, 9),
        "Case_20_11_X13_",
        "Case_20_11_X15a_",
        .. Numbered("Case_CE", 1, 8),
        .. Numbered("Case_Flaw_F", 1, 17),
        .. Numbered("Case_Test_", 1, 10),
        .. Numbered("Case_Show_", 1, 5),
        .. Numbered("Case_Evidence_E", 1, 5),
    ];

    [Fact]
    public void Every_case_of_the_page_has_its_test_and_every_test_its_line()
    {
        string[] listed = [.. Rows().Select(row => row.Test)];
        Assert.Equal(listed.Order(StringComparer.Ordinal), listed.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Methods().Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_id_is_the_start_of_its_tests_name_and_no_cell_is_empty()
    {
        Assert.All(Rows(), row =>
        {
            Assert.StartsWith($"Case_{row.Id.Replace(' ', '_').Replace('.', '_')}_", row.Test, StringComparison.Ordinal);
            Assert.True(row.What.Length > 0 && row.Expected.Length > 0, row.Test);
        });
    }

    [Fact]
    public void Every_id_that_is_asked_for_is_there()
    {
        string[] methods = [.. Methods()];
        Assert.DoesNotContain(Required, id => !methods.Any(name => name.StartsWith(id, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Numbered(string prefix, int from, int through) =>
        Enumerable.Range(from, through - from + 1).Select(number => $"{prefix}{number}_");

    private static IEnumerable<(string Id, string What, string Expected, string Test)> Rows() =>
        File.ReadAllLines(Path.Combine(Root, "specs", "lbft", "cases.md"))
            .Where(line => line.Contains("| `Case_", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => (cells[1], cells[2], cells[3], cells[4].Trim('`')));

    /// <summary>A case has one method in one place, whatever data it is run with.</summary>
    private static IEnumerable<string> Methods() =>
        Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => CaseMethod().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value));

    [GeneratedRegex(@"public (?:async Task|void) (Case_\w+)\(")]
    private static partial Regex CaseMethod();
}
