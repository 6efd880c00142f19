using System.Xml.Linq;

namespace CPChain.Repository.Tests;

/// <summary>Arrows go down only, and docs/ARCHITECTURE.md says exactly what the project files say.</summary>
public sealed class LayerTests
{
    private static readonly string[] Layers = ["Foundation", "Core", "Node", "Apps"];

    [Fact]
    public void References_equal_the_table_in_the_architecture_document()
    {
        Dictionary<string, string[]> documented = DocumentedReferences();
        foreach ((string project, string[] references) in ProjectReferences())
        {
            Assert.True(documented.ContainsKey(project), $"docs/ARCHITECTURE.md has no row for {project}.");
            if (documented[project] is ["everything"]) continue;
            Assert.Equal(documented[project].Order(StringComparer.Ordinal), references.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void No_project_references_a_layer_above_its_own()
    {
        Dictionary<string, int> layerOf = ProjectFiles().ToDictionary(
            ShortName, file => Array.IndexOf(Layers, file.Split('/')[1]), StringComparer.Ordinal);
        foreach ((string project, string[] references) in ProjectReferences())
        {
            Assert.All(references, reference => Assert.True(
                layerOf[reference] <= layerOf[project], $"{project} references {reference} in a layer above."));
        }
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = Repository.Read("CPChain.slnx");
        Assert.All(Repository.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)),
            file => Assert.Contains($"\"{file}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_project_has_a_lock_file()
    {
        Assert.All(Repository.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)), file =>
            Assert.Contains(Path.GetDirectoryName(file) + "/packages.lock.json", Repository.Files));
    }

    private static IEnumerable<string> ProjectFiles() => Repository.Files.Where(
        file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal));

    private static IEnumerable<(string Project, string[] References)> ProjectReferences() =>
        from file in ProjectFiles()
        let references = XDocument.Parse(Repository.Read(file)).Descendants("ProjectReference")
            .Select(reference => ShortName(reference.Attribute("Include")!.Value)).ToArray()
        select (ShortName(file), references);

    private static Dictionary<string, string[]> DocumentedReferences() => Repository.Read("docs/ARCHITECTURE.md")
        .Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Where(cells => cells.Length == 5 && cells[1] != "Project")
        .ToDictionary(cells => cells[1], cells => cells[3] == "-" ? [] : cells[3].Split(' '), StringComparer.Ordinal);

    private static string ShortName(string path) =>
        Path.GetFileNameWithoutExtension(path.Replace('\\', '/')).Replace("CPChain.", "", StringComparison.Ordinal);
}
