using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using CPChain.Sdk;
using CPChain.Types;

namespace CPChain.EndToEnd;

/// <summary>What a network has told of its chain so far, to be held against what it tells after a kill.</summary>
internal sealed class ChainMemory
{
    private const int BatchMax = 100;
    private const long PeriodMs = 1_000;

    // Nodes that were cut off in the middle of a block fetch the one or two that others have.
    private static readonly TimeSpan CatchUpWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan InBlocksWithin = TimeSpan.FromSeconds(90);

    // Validators wait six seconds for a proposer (H3). Where nodes start further apart than that, one that is not there yet is
    // impeached by right; only a start within this time shows what the chain makes of it.
    private static readonly TimeSpan PromptStart = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<ulong, string> finals = new();
    private readonly ConcurrentDictionary<string, string> waiting = new();
    private readonly ConcurrentDictionary<string, string> refusals = new();
    private readonly HashSet<ulong> excused = [];
    private bool wasKilledWhileStarting;
    private int acknowledged;

    private ulong Highest => finals.IsEmpty ? 0 : finals.Keys.Max();

    /// <summary>A node has returned the hash of a transaction.</summary>
    public void Acknowledged(string node, Hash256 hash)
    {
        waiting[hash.ToString()] = node;
        Interlocked.Increment(ref acknowledged);
    }

    /// <summary>The network was killed before all of its nodes were up.</summary>
    public void KilledWhileStarting() => wasKilledWhileStarting = true;

    public void Refused(string reason) => refusals[reason] = reason;

    /// <summary>Remembers every final block that any node shows, until cancelled.</summary>
    public Task WatchAsync(RunningDevnet devnet, CancellationToken stopping) =>
        Task.WhenAll(devnet.Names.Where((_, index) => index % 2 == 0).Select(name => WatchAsync(devnet.Client(name), stopping)));

    /// <summary>Holds the network after a start against everything that was seen before; says how the start went.</summary>
    public async Task<string> CheckAsync(RunningDevnet devnet)
    {
        ulong before = Highest;
        await AssertTransactionsAreKnownAsync(devnet);
        string start = finals.IsEmpty ? "new chain" : await AssertFirstNewBlockAsync(devnet, before);
        foreach (string name in devnet.Names) await AssertBlocksAsync(devnet.Client(name), name, before);
        await AssertSoundAsync(devnet);
        return $"start {devnet.StartTook.TotalSeconds:0.0} s, {before} blocks kept, {acknowledged} transactions acknowledged, {waiting.Count} waited; {start}";
    }

    /// <summary>Waits until every acknowledged transaction is in a block, and looks at the whole chain.</summary>
    public async Task<string> CheckAllIsInBlocksAsync(RunningDevnet devnet)
    {
        using CancellationTokenSource limit = new(InBlocksWithin);
        try
        {
            while (!waiting.IsEmpty)
            {
                await AssertTransactionsAreKnownAsync(devnet);
                await Task.Delay(PeriodMsSpan, limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{waiting.Count} of {acknowledged} acknowledged transactions are in no block, such as {waiting.First()}");
        }

        ChainClient client = devnet.Client(devnet.Names[0]);
        ulong head = await client.GetBlockNumberAsync();
        int impeached = 0;
        bool last = false;
        for (ulong number = 1; number <= head; number++)
        {
            bool isImpeach = (await BlockAsync(client, number)).GetProperty("isImpeach").GetBoolean();
            Assert.False(last && isImpeach && !excused.Contains(number), $"blocks {number - 1} and {number} are both impeach blocks");
            last = isImpeach;
            if (isImpeach) impeached++;
        }

        return $"{acknowledged} acknowledged transactions are in {head} blocks, {impeached} of them impeach blocks; {refusals.Count} kinds of refusal {string.Join("; ", refusals.Keys)}";
    }

    /// <summary>
    /// What a kill cut off may become final with its old time; the first block with a later time is an ordinary one, no impeach
    /// block before it. Two periods after the last node's start is the aim; the start's own length says how slow the machine is.
    /// Where nodes came further apart than validators wait, only what follows the last of them is judged.
    /// </summary>
    public async Task<string> AssertFirstNewBlockAsync(RunningDevnet devnet, ulong before)
    {
        long launchedAtMs = devnet.ReadyAtMs - (long)devnet.StartTook.TotalMilliseconds;
        ChainClient client = devnet.Client(devnet.Names[0]);
        TimeSpan bound = (2 * PeriodMsSpan) + (3 * devnet.StartTook);
        bool isPrompt = devnet.StartTook <= PromptStart && !wasKilledWhileStarting;
        wasKilledWhileStarting = false;
        ulong judgedAfter = isPrompt ? before : Math.Max(before, await client.GetBlockNumberAsync() + 1);
        for (ulong number = before + 1; number <= judgedAfter; number++) excused.Add(number);
        using CancellationTokenSource limit = new(bound + CatchUpWithin);
        for (ulong number = before + 1; ; number++)
        {
            try
            {
                while (await client.GetBlockNumberAsync(limit.Token) < number) await Task.Delay(LookEvery, limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"no block {number} within {(bound + CatchUpWithin).TotalSeconds:0} s of the start");
            }

            JsonElement block = await BlockAsync(client, number);
            finals[number] = block.GetProperty("hash").GetString()!;
            bool isImpeach = block.GetProperty("isImpeach").GetBoolean();
            if (isImpeach && number <= judgedAfter) continue;
            Assert.False(isImpeach, $"block {number}, the first after the start or before it, is an impeach block");
            long timestampMs = block.GetProperty("timestampMs").GetInt64();
            if (timestampMs < launchedAtMs) continue;
            long afterMs = timestampMs - devnet.ReadyAtMs;
            Assert.True(afterMs <= bound.TotalMilliseconds, $"block {number} came {afterMs} ms after the last start");
            return $"block {number} {afterMs} ms after the last start";
        }
    }

    /// <summary>No node was about to contradict itself, has seen another do so, or has given up voting.</summary>
    public static async Task AssertSoundAsync(RunningDevnet devnet)
    {
        foreach (string name in devnet.Names)
        {
            JsonElement facts = (await devnet.Client(name).AskAsync("cpc_nodeInfo", [])).GetProperty("consensus");
            foreach (string counter in (string[])["refusedSignatures", "misconduct", "alarms"])
            {
                Assert.True(facts.GetProperty(counter).GetInt64() == 0, $"{name} counts {counter}: {facts}");
            }
        }
    }

    private static TimeSpan PeriodMsSpan => TimeSpan.FromMilliseconds(PeriodMs);

    private async Task WatchAsync(ChainClient client, CancellationToken stopping)
    {
        ulong next = Highest + 1;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                for (ulong head = await client.GetBlockNumberAsync(stopping); next <= head; next++)
                {
                    BlockInfo block = (await client.GetBlockAsync(next, stopping))!;
                    string known = finals.GetOrAdd(next, block.Hash.ToString());
                    Assert.True(known == block.Hash.ToString(), $"two final blocks {next}: {known} and {block.Hash}");
                }

                await Task.Delay(LookEvery, stopping);
            }
            catch (Exception failure) when (failure is ChainClientException or OperationCanceledException)
            {
                // Killed meanwhile.
            }
        }
    }

    private async Task AssertBlocksAsync(ChainClient client, string name, ulong through)
    {
        using CancellationTokenSource limit = new(CatchUpWithin);
        try
        {
            while (await client.GetBlockNumberAsync(limit.Token) < through) await Task.Delay(LookEvery, limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{name} has {await client.GetBlockNumberAsync()} blocks of {through} that were final");
        }

        foreach (ulong[] numbers in finals.Keys.Order().Chunk(BatchMax))
        {
            IReadOnlyList<JsonElement> blocks = await client.AskAllAsync(
                [.. numbers.Select(number => ("cpc_getBlock", new JsonArray($"0x{number:x}")))]);
            for (int i = 0; i < numbers.Length; i++)
            {
                string hash = blocks[i].GetProperty("hash").GetString()!;
                Assert.True(hash == finals[numbers[i]], $"{name} has block {numbers[i]} {hash}, which was final as {finals[numbers[i]]}");
            }
        }
    }

    private async Task AssertTransactionsAreKnownAsync(RunningDevnet devnet)
    {
        foreach (IGrouping<string, KeyValuePair<string, string>> group in waiting.ToArray().GroupBy(pair => pair.Value))
        {
            foreach (string[] hashes in group.Select(pair => pair.Key).Chunk(BatchMax))
            {
                IReadOnlyList<JsonElement> found = await devnet.Client(group.Key).AskAllAsync(
                    [.. hashes.Select(hash => ("eth_getTransactionByHash", new JsonArray(hash)))]);
                for (int i = 0; i < hashes.Length; i++)
                {
                    Assert.True(found[i].ValueKind == JsonValueKind.Object, $"{group.Key} acknowledged {hashes[i]} and does not know it");
                    if (found[i].GetProperty("blockNumber").ValueKind == JsonValueKind.String) waiting.TryRemove(hashes[i], out _);
                }
            }
        }
    }

    private static async Task<JsonElement> BlockAsync(ChainClient client, ulong number) =>
        await client.AskAsync("cpc_getBlock", [$"0x{number:x}"]);
}
