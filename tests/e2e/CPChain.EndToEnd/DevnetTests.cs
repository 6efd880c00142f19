using System.Globalization;
using System.Text.RegularExpressions;
using CPChain.App.Devnet;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Sdk;
using CPChain.Types;

namespace CPChain.EndToEnd;

/// <summary>What a person meets who starts `cpchain devnet`, ends it and starts it again.</summary>
public sealed partial class DevnetTests
{
    // 5 s on an idle machine; here only that it comes at all.
    private static readonly TimeSpan FirstBlockWithin = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_devnet_starts_ends_on_interrupt_and_goes_on_where_it_stopped(bool processes)
    {
        using TempFolder temp = new();
        string folder = temp["devnet"];
        int port = RunningDevnet.FreeRpcPorts();
        ulong head;
        Hash256 hash;
        await using (RunningDevnet first = await RunningDevnet.StartAsync(folder, processes, port))
        {
            long block = RunningDevnet.NowMs();
            await first.Process.LineAsync(line => line.StartsWith("running: block", StringComparison.Ordinal), FirstBlockWithin);
            TestContext.Current.SendDiagnosticMessage($"start {first.StartTook.TotalSeconds:0.0} s, first block {RunningDevnet.NowMs() - block} ms later");
            AssertAccountsArePrinted(first.Process.Output);
            AssertOnlyTheOwnerReadsKeys(folder, RunningDevnet.Plan(folder));
            ChainClient client = first.Client(first.Names[0]);
            using PrivateKey rich = DevnetAccounts.Key(1);
            using AccountSender sender = new(client, rich);
            ReceiptInfo receipt = await sender.SendAndWaitAsync(DevnetAccounts.At(2), default, Units.Cpc);
            head = await client.GetBlockNumberAsync();
            hash = receipt.BlockHash;
            Assert.True(head >= receipt.BlockNumber);
            Assert.Equal(0, await first.Process.InterruptAsync());
            Assert.Empty(ProcessTable.With(first.Process.Marker));
            Assert.Equal("", first.Process.Errors.Trim());
        }

        await using RunningDevnet second = await RunningDevnet.StartAsync(folder, processes, port);
        foreach (string name in second.Names)
        {
            Assert.True(await second.Client(name).GetBlockNumberAsync() + 1 >= head, $"{name} has lost blocks");
        }

        ChainClient again = second.Client(second.Names[0]);
        Assert.NotNull(await again.GetBlockAsync(hash));
        string running = await second.Process.LineAsync(line => line.StartsWith("running: block", StringComparison.Ordinal), FirstBlockWithin);
        Assert.True(ulong.Parse(running["running: block ".Length..], CultureInfo.InvariantCulture) >= head);
        Assert.Equal(0, await second.Process.InterruptAsync());
        Assert.Empty(ProcessTable.With(second.Process.Marker));
    }

    [Fact]
    public async Task A_folder_whose_making_was_cut_short_is_begun_again()
    {
        using TempFolder temp = new();
        string folder = temp["devnet"];
        int port = RunningDevnet.FreeRpcPorts();
        DevnetShape shape = new(1_000, Validators: 4, Proposers: 4, StorageNodes: 0, Proxies: 0, port);
        DevnetFolder.OpenOrCreate(folder, shape, (ulong)RunningDevnet.NowMs());
        File.Delete(Path.Combine(folder, DevnetPlan.FileName));
        File.Delete(Path.Combine(folder, "nodes", "validator-2", "key.json"));
        await using RunningDevnet devnet = await RunningDevnet.StartAsync(folder, processes: false, port);
        Assert.Equal(0, await devnet.Process.InterruptAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_pause_of_a_month_the_first_block_is_an_ordinary_one(bool processes)
    {
        const ulong monthMs = 30UL * 24 * 3_600_000;
        using TempFolder temp = new();
        string folder = temp["devnet"];
        int port = RunningDevnet.FreeRpcPorts();
        DevnetShape shape = new(1_000, Validators: 4, Proposers: 4, StorageNodes: 0, Proxies: 0, port);
        DevnetFolder.OpenOrCreate(folder, shape, (ulong)RunningDevnet.NowMs() - monthMs);
        await using RunningDevnet devnet = await RunningDevnet.StartAsync(folder, processes, port);
        Console.WriteLine($"after a month: {await new ChainMemory().AssertFirstNewBlockAsync(devnet, before: 0)}");
        Assert.Equal(0, await devnet.Process.InterruptAsync());
    }

    private static void AssertAccountsArePrinted(string output)
    {
        MatchCollection lines = AccountLine().Matches(output);
        Assert.Equal(DevnetAccounts.Count, lines.Count);
        for (int i = 0; i < lines.Count; i++)
        {
            Assert.Equal(AddressChecksum.Format(DevnetAccounts.At(i)), lines[i].Groups[1].Value);
            Assert.True(PrivateKey.TryFromBytes(Hex.Decode(lines[i].Groups[2].Value), out PrivateKey? key));
            using (key) Assert.Equal(DevnetAccounts.At(i), key.Address);
        }
    }

    private static void AssertOnlyTheOwnerReadsKeys(string folder, DevnetPlan plan)
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(ownerOnly, File.GetUnixFileMode(Path.Combine(folder, "passphrase")));
        foreach (PlannedNode node in plan.Nodes)
        {
            Assert.Equal(ownerOnly, File.GetUnixFileMode(Path.Combine(folder, "nodes", node.Name, "key.json")));
        }
    }

    [GeneratedRegex(@"\(\d\) +(0x[0-9a-fA-F]{40}) +(0x[0-9a-f]{64})")]
    private static partial Regex AccountLine();
}
