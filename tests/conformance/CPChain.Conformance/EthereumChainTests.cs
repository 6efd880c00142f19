using System.Text;
using CPChain.RpcCompat;

namespace CPChain.Conformance;

/// <summary>What `rpc-compat` says of a chain that is not what it claims: it stops with the block and the difference.</summary>
public sealed class EthereumChainTests
{
    private const string Genesis = """
        {"config":{"chainId":1,"homesteadBlock":0},"nonce":"0x0","timestamp":"0x0","extraData":"0x","gasLimit":"0x5f5e100",
        "difficulty":"0x20000","mixHash":"0x0000000000000000000000000000000000000000000000000000000000000000",
        "coinbase":"0x0000000000000000000000000000000000000000","alloc":{"00000000000000000000000000000000000000aa":{"balance":"0x1"}}}
        """;

    [Fact]
    public async Task A_chain_whose_state_was_changed_is_refused_at_the_first_block_that_shows_it()
    {
        string? data = Environment.GetEnvironmentVariable("CPCHAIN_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(data), "CPCHAIN_DATA is not set: Ethereum's execution-apis are absent");
        string archive = Path.Combine(data!, "execution-apis", "rpc-tests.tar.xz");
        Dictionary<string, byte[]> files = EvmTools.FileSet
            .Read(archive, static name => Path.GetFileName(name) is "chain.rlp" or "genesis.json")
            .ToDictionary(static file => Path.GetFileName(file.Name), static file => file.Content);

        // One coin less in a system contract changes the genesis, so block 1 has another parent.
        string genesis = Encoding.UTF8.GetString(files["genesis.json"]);
        string poorer = genesis.Replace("\"balance\": \"0x2a\"", "\"balance\": \"0x29\"", StringComparison.Ordinal);
        Assert.NotEqual(genesis, poorer);
        Assert.Contains("block 1 (Homestead): parent hash", await RefusalAsync(poorer, files["chain.rlp"]), StringComparison.Ordinal);

        // A fork of another date changes what a block does, not where it stands.
        string later = genesis.Replace("\"eip158Block\": 6", "\"eip158Block\": 9", StringComparison.Ordinal);
        Assert.NotEqual(genesis, later);
        string refusal = await RefusalAsync(later, files["chain.rlp"]);
        Assert.Contains("(EIP150): ", refusal, StringComparison.Ordinal);

        // The last block cut short.
        Assert.Contains("block 54", await RefusalAsync(genesis, files["chain.rlp"][..^1]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"config":{"chainId":1},"alloc":{}}""")]
    public async Task A_genesis_that_cannot_be_read_is_named(string genesis) =>
        Assert.NotEqual("", await RefusalAsync(genesis, []));

    [Fact]
    public async Task A_folder_without_cases_or_chain_is_refused()
    {
        Assert.Contains("no .io file", await RefusalAsync(Genesis, []), StringComparison.Ordinal);
        Assert.Contains("0 files named chain.rlp", await RefusalAsync(Genesis, null), StringComparison.Ordinal);
    }

    private static async Task<string> RefusalAsync(string genesis, byte[]? chain)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cpchain-conformance-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "genesis.json"), genesis, TestContext.Current.CancellationToken);
            if (chain is not null)
                await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "chain.rlp"), chain, TestContext.Current.CancellationToken);
            FormatException refusal = await Assert.ThrowsAsync<FormatException>(
                () => RpcCompatRun.RunAsync(folder.FullName, TestContext.Current.CancellationToken));
            return refusal.Message;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
