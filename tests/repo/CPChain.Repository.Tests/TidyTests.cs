using System.Text.RegularExpressions;

namespace CPChain.Repository.Tests;

/// <summary>Rules of the house that a machine can check.</summary>
public sealed partial class TidyTests
{
    private const int FileLinesMax = 500;

    private static readonly string[] TextEndings =
        [".cs", ".md", ".sol", ".mjs", ".js", ".ts", ".sh", ".props", ".csproj", ".json", ".txt", ".trace", ".yml"];

    [Fact]
    public void No_source_file_is_longer_than_the_bound_unless_its_head_says_why()
    {
        string[] offenders = [.. Sources().Where(file =>
            Repository.Read(file).Count(c => c == '\n') > FileLinesMax
            && !Repository.Read(file).Split('\n').Take(12).Any(line => line.Contains("Long because", StringComparison.Ordinal)))];
        Assert.Empty(offenders);
    }

    [Fact]
    public void No_code_is_left_for_later()
    {
        string[] offenders = [.. Sources().Where(file => !file.EndsWith("TidyTests.cs", StringComparison.Ordinal))
            .SelectMany(file => Repository.Read(file).Split('\n').Where(line => Unfinished().IsMatch(line)).Select(line => $"{file}: {line.Trim()}"))];
        Assert.Empty(offenders);
    }

    [Fact]
    public void No_text_names_a_path_of_one_machine()
    {
        string[] offenders = [.. Repository.Files.Where(IsText)
            .Where(file => !file.EndsWith("TidyTests.cs", StringComparison.Ordinal) && !file.EndsWith("lock.json", StringComparison.Ordinal))
            .Where(file => MachinePath().IsMatch(Repository.Read(file)))];
        Assert.Empty(offenders);
    }

    [Fact]
    public void Lock_files_name_no_registry_host()
    {
        string[] offenders = [.. Repository.Files.Where(file => file.EndsWith("lock.json", StringComparison.Ordinal))
            .Where(file => Repository.Read(file).Contains("://", StringComparison.Ordinal) && Regex.IsMatch(Repository.Read(file), "\"resolved\": \"http"))];
        Assert.Empty(offenders);
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        List<string> broken = [];
        foreach (string file in Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal)))
        {
            string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, file))!;
            foreach (Match link in RelativeLink().Matches(Repository.Read(file)))
            {
                string target = Path.Combine(folder, link.Groups[1].Value);
                if (!File.Exists(target) && !Directory.Exists(target)) broken.Add($"{file}: {link.Groups[1].Value}");
            }
        }

        Assert.Empty(broken);
    }

    private static IEnumerable<string> Sources() => Repository.Files.Where(file =>
        file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".sol", StringComparison.Ordinal));

    private static bool IsText(string file) =>
        TextEndings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)) || !Path.HasExtension(file);

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"(?<![\w.])/(work|farm|home|root)/")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\]\((?!https?://|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex RelativeLink();
}
