using System.Text.RegularExpressions;
using CPChain.Keystore;
using CPChain.Sdk;
using CPChain.Types;

namespace CPChain.EndToEnd;

/// <summary>The document that tells how to become a proposer, typed line by line against a real network.</summary>
public sealed partial class ProposerTests
{
    // Most of it is waiting for terms to pass; a busy machine may take its time.
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(4);

    private static readonly UInt256 Reward = Coins.ParseCpc("12.65"), Funds = Coins.ParseCpc("50"), Deposit = Coins.ParseCpc("20");

    [Fact]
    public async Task The_document_makes_a_proposer_that_earns_and_gets_its_deposit_back()
    {
        using TempFolder temp = new();
        int port = RunningDevnet.FreeRpcPorts();
        Uri url = new($"http://127.0.0.1:{port}");
        List<CpchainProcess> staying = [];
        List<(string Command, string Output)> told = [];
        try
        {
            foreach (string command in DocumentTests.StoryCommands())
            {
                Assert.StartsWith("./cpchain ", command, StringComparison.Ordinal);
                CpchainProcess process = Type(command, temp.Path, port);
                if (ReadyLineOf(command) is { } ready)
                {
                    staying.Add(process);
                    await process.LineAsync(line => line.StartsWith(ready, StringComparison.Ordinal), Within);
                    continue;
                }

                await using (process)
                {
                    int code = await process.ExitAsync(Within);
                    Assert.True(code == 0, $"{command}\n{process.Output}\n{process.Errors}");
                    told.Add((command, process.Output));
                }
            }

            Assert.Equal(2, staying.Count);
            Assert.True(IdentityStore.TryReadAddress(temp["my-node"], out Address account));
            using ChainClient client = new(url);
            ulong head = await client.GetBlockNumberAsync();
            List<BlockInfo> proposed = await ProposedAsync(client, account, head);
            TestContext.Current.SendDiagnosticMessage($"{proposed.Count} of {head} blocks are the account's");
            await AssertEarnedAsync(client, account, proposed, head);
            await AssertPaidBackAsync(client, account, told.Single(one => one.Command.Contains("rnode withdraw", StringComparison.Ordinal)).Output);
        }
        finally
        {
            foreach (CpchainProcess process in Enumerable.Reverse(staying)) await process.DisposeAsync();
        }
    }

    private static CpchainProcess Type(string command, string folder, int port)
    {
        string[] words = command["./cpchain ".Length..].Split(' ');
        // What differs from a reader's machine: the port, and a block each 250 ms instead of each second.
        if (words[0] == "devnet") words = [.. words, "--rpc-port", $"{port}", "--period", "250"];
        return CpchainProcess.StartIn(folder, new Dictionary<string, string> { ["CPCHAIN_RPC"] = $"http://127.0.0.1:{port}" }, words);
    }

    // What a command prints that stays in its terminal; null for one that ends.
    private static string? ReadyLineOf(string command) =>
        command.StartsWith("./cpchain devnet ", StringComparison.Ordinal) ? "running: block"
        : command.StartsWith("./cpchain node --dir ", StringComparison.Ordinal) ? "ready" : null;

    private static async Task<List<BlockInfo>> ProposedAsync(ChainClient client, Address account, ulong head)
    {
        List<BlockInfo> proposed = [];
        for (ulong number = 1; number <= head; number++)
        {
            BlockInfo block = (await client.GetBlockAsync(number))!;
            if (block.Coinbase == account) proposed.Add(block);
        }

        Assert.NotEmpty(proposed);
        return proposed;
    }

    private static async Task AssertEarnedAsync(ChainClient client, Address account, List<BlockInfo> proposed, ulong head)
    {
        BlockInfo last = proposed.Last(block => block.TransactionHashes.Count == 0);
        UInt256 before = await client.GetBalanceAsync(account, last.Number - 1), after = await client.GetBalanceAsync(account, last.Number);
        Assert.Equal(Reward, after - before);

        // Fees, own and earned, are far below a tenth of a coin.
        UInt256 end = await client.GetBalanceAsync(account, head);
        UInt256 expected = Funds + Reward * (ulong)proposed.Count, tolerance = Coins.ParseCpc("0.1");
        Assert.InRange(end, expected - tolerance, expected + tolerance);
    }

    private static async Task AssertPaidBackAsync(ChainClient client, Address account, string output)
    {
        ReceiptInfo receipt = (await client.GetReceiptAsync(Hash256.Parse(Transaction().Match(output).Groups[1].Value)))!;
        UInt256 before = await client.GetBalanceAsync(account, receipt.BlockNumber - 1);
        UInt256 after = await client.GetBalanceAsync(account, receipt.BlockNumber);
        Assert.Equal(before + Deposit - receipt.EffectiveGasPrice * receipt.GasUsed, after);
    }

    [GeneratedRegex(@"^transaction:\s+(0x[0-9a-f]{64})", RegexOptions.Multiline)]
    private static partial Regex Transaction();
}
