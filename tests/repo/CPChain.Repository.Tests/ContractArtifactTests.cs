using System.Security.Cryptography;
using System.Text.Json;

namespace CPChain.Repository.Tests;

/// <summary>The committed artifacts of the system contracts were compiled from the committed sources.</summary>
public sealed class ContractArtifactTests
{
    private static readonly string[] Artifacts = [.. Repository.Files.Where(
        file => file.StartsWith("contracts/artifacts/", StringComparison.Ordinal))];

    [Fact]
    public void Every_artifact_names_the_hashes_of_its_sources_as_they_are()
    {
        Assert.NotEmpty(Artifacts);
        foreach (string file in Artifacts)
        {
            using JsonDocument artifact = JsonDocument.Parse(Repository.Read(file));
            foreach (JsonProperty source in artifact.RootElement.GetProperty("sources").EnumerateObject())
            {
                byte[] content = File.ReadAllBytes(Path.Combine(Repository.Root, "contracts", source.Name));
                string hash = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
                Assert.True(hash == source.Value.GetString(),
                    $"{file} is stale: {source.Name} has changed. Run `npm ci && npm run build` in contracts/.");
            }
        }
    }

    [Fact]
    public void Every_source_is_in_an_artifact()
    {
        HashSet<string> compiled = [.. Artifacts.SelectMany(SourcesOf)];
        Assert.All(Repository.Files.Where(file => file.StartsWith("contracts/src/", StringComparison.Ordinal)),
            file => Assert.Contains(file["contracts/".Length..], compiled));
    }

    [Fact]
    public void Every_artifact_names_the_compiler_that_package_json_pins()
    {
        using JsonDocument package = JsonDocument.Parse(Repository.Read("contracts/package.json"));
        string pinned = package.RootElement.GetProperty("devDependencies").GetProperty("solc").GetString()!;
        foreach (string file in Artifacts)
        {
            using JsonDocument artifact = JsonDocument.Parse(Repository.Read(file));
            Assert.StartsWith($"solc {pinned}+", artifact.RootElement.GetProperty("compiler").GetString(), StringComparison.Ordinal);
        }
    }

    private static List<string> SourcesOf(string file)
    {
        using JsonDocument artifact = JsonDocument.Parse(Repository.Read(file));
        return [.. artifact.RootElement.GetProperty("sources").EnumerateObject().Select(source => source.Name)];
    }
}
