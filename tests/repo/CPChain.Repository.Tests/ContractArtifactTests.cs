using System.Security.Cryptography;
using System.Text.Json;

namespace CPChain.Repository.Tests;

/// <summary>The committed artifacts of the system contracts were compiled from the committed sources.</summary>
public sealed class ContractArtifactTests
{
    private static readonly string[] Artifacts = [.. Repository.Files.Where(
        file => file.StartsWith("contracts/artifacts/", StringComparison.Ordinal))];

    private const int SourceLinesMax = 320;

    private static readonly Dictionary<string, int> BytesMax = new()
    {
        ["Admission"] = 1_600,
        ["Campaign"] = 4_800,
        ["Congress"] = 2_300,
        ["DataRegistry"] = 4_500,
        ["Dpor"] = 3_000,
        ["EconomyPool"] = 6_800,
        ["Evidence"] = 3_300,
        ["Governance"] = 7_600,
        ["Market"] = 14_500,
        ["Parameters"] = 1_300,
        ["RNodePool"] = 5_300,
        ["Reserve"] = 2_100,
        ["ValidatorSet"] = 4_600,
        ["Vesting"] = 1_500,
    };

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

    /// <summary>ARC-06: contracts stay basic and concise. Who raises a number here says in the change why the contract needs it.</summary>
    [Fact]
    public void Every_contract_keeps_within_its_bytes_and_every_source_within_two_pages()
    {
        foreach (string file in Artifacts)
        {
            using JsonDocument artifact = JsonDocument.Parse(Repository.Read(file));
            string name = artifact.RootElement.GetProperty("contractName").GetString()!;
            int bytes = artifact.RootElement.GetProperty("runtimeBytecode").GetString()!.Length / 2 - 1;
            Assert.True(BytesMax.TryGetValue(name, out int most), $"{name} has no budget.");
            Assert.True(bytes <= most, $"{name} has {bytes} bytes; its budget is {most}.");
        }
        Assert.Equal(Artifacts.Length, BytesMax.Count);
        Assert.All(Repository.Files.Where(file => file.StartsWith("contracts/src/", StringComparison.Ordinal)),
            file => Assert.InRange(Repository.Read(file).Count(c => c == '\n'), 1, SourceLinesMax));
    }

    private static List<string> SourcesOf(string file)
    {
        using JsonDocument artifact = JsonDocument.Parse(Repository.Read(file));
        return [.. artifact.RootElement.GetProperty("sources").EnumerateObject().Select(source => source.Name)];
    }
}
