using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Network;
using CPChain.Types;
using Microsoft.Extensions.Logging;

namespace CPChain.Consensus.Tests;

/// <summary>
/// Four validators and four proposers over loopback sockets, each with its own directory; any of them can be stopped and started. Nodes 0 to 3
/// validate, 4 to 7 propose; a schedule of its own may let 8 to 11 validate later.
/// </summary>
internal sealed class TestCluster : IAsyncDisposable
{
    public const int Validators = 4;
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string directory = Directory.CreateTempSubdirectory("cpchain-cluster-").FullName;
    private readonly PrivateKey[] keys = [.. Enumerable.Range(0, 16).Select(_ => PrivateKey.Generate(RandomNumberGenerator.Fill))];
    private readonly PrivateKey funded = PrivateKey.Generate(RandomNumberGenerator.Fill);
    private readonly int[] ports = FreePorts(12);
    private readonly ChainNode?[] nodes = new ChainNode?[12];
    private readonly int[] scheduled;
    private readonly TestLog log = new();

    /// <param name="entries">Makes the schedule of the nodes' addresses; by default nodes 0 to 3 validate for ever.</param>
    /// <param name="times">The times of the protocol; <see cref="Times"/> by default.</param>
    public TestCluster(
        Func<ImmutableArray<Address>, ImmutableArray<CommitteeEntry>>? entries = null, ConsensusTimes? times = null)
    {
        ImmutableArray<Address> addresses = [.. keys.Take(nodes.Length).Select(key => key.Address)];
        Assert.True(CommitteeSchedule.TryCreate(
            entries?.Invoke(addresses) ?? [new CommitteeEntry(1, addresses[..Validators], addresses[Validators..(2 * Validators)])],
            out CommitteeSchedule? schedule,
            out _));
        scheduled = [.. Enumerable.Range(0, nodes.Length).Where(node => schedule.Entries.Any(
            entry => entry.Validators.Contains(addresses[node]) || entry.Proposers.Contains(addresses[node])))];
        Genesis = new Genesis
        {
            Name = "test",
            ChainId = 7331,
            TimestampMs = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            Times = times ?? Times,
            GasLimit = 30_000_000,
            BaseFeePerGas = 1_000_000_000,
            BaseFeeFloor = 1,
            Limits = BlockLimits.Default,
            Schedule = schedule,
            Alloc = [new GenesisAccount(funded.Address, UInt256.Parse("1000000000000000000000"), 0, default, [])],
        };
    }

    /// <summary>A short period, and patience for a busy machine.</summary>
    public static ConsensusTimes Times { get; } = new()
    {
        PeriodMs = 400,
        TimeoutMs = 3500,
        BlockDelayMs = 2000,
        DriftMs = 90,
        DelayMs = 100,
        ExecutionMs = 1000,
        ResendMs = 150,
        RoundBaseMs = 3500,
        RoundStepMs = 500,
        RoundMaxMs = 8000,
    };

    public Genesis Genesis { get; }

    /// <summary>Every node sends through one of these, when set.</summary>
    public Func<LinkFilter>? Links { get; init; }

    public IEnumerable<ChainNode> Running => nodes.OfType<ChainNode>();

    /// <summary>What all nodes said lately.</summary>
    public string Log => log.ToString();

    public ChainNode this[int index] => nodes[index]!;

    public PrivateKey Key(int index) => keys[index];

    /// <summary>A key that the schedule does not name.</summary>
    public PrivateKey Outsider(int index) => keys[nodes.Length + (index % (keys.Length - nodes.Length))];

    public PeerAddress PeerOf(int index) => new(keys[index].Address, $"127.0.0.1:{ports[index]}");

    public string DirectoryOf(int index) => Path.Combine(directory, $"node{index}");

    /// <summary>The proposer of a number, as an index.</summary>
    public static int ProposerOf(ulong number) => Validators + (int)((number - 1) % 4);

    public void StartAll(params int[] except)
    {
        foreach (int i in scheduled.Except(except))
        {
            Start(i);
        }
    }

    public ChainNode Start(int index, ChainRole? role = null)
    {
        ChainNode node = ChainNode.Open(new ChainNodeOptions
        {
            Role = role ?? (index is >= Validators and < 2 * Validators ? ChainRole.Proposer : ChainRole.Validator),
            DataDirectory = DirectoryOf(index),
            Key = keys[index],
            Genesis = Genesis,
            Listen = new IPEndPoint(IPAddress.Loopback, ports[index]),
            Peers = [.. scheduled.Select(PeerOf)],
            Logger = log.For(index),
            Filter = Links?.Invoke(),
        });
        nodes[index] = node;
        node.Start();
        return node;
    }

    /// <summary>A node outside the schedule; the caller disposes it and its key.</summary>
    public ChainNode StartObserver(PrivateKey key)
    {
        ChainNode node = ChainNode.Open(new ChainNodeOptions
        {
            Role = ChainRole.Observer,
            DataDirectory = Path.Combine(directory, "observer"),
            Key = key,
            Genesis = Genesis,
            Peers = [PeerOf(0), PeerOf(5)],
            Logger = log.For(9),
        });
        node.Start();
        return node;
    }

    public async Task StopAsync(int index)
    {
        if (nodes[index] is { } node)
        {
            nodes[index] = null;
            await node.DisposeAsync();
        }
    }

    public async Task StopAllAsync()
    {
        for (int i = 0; i < nodes.Length; i++)
        {
            await StopAsync(i);
        }
    }

    public async Task WaitForBlockAsync(ulong number) => await Task.WhenAll(Running.Select(node => WaitForBlockAsync(node, number)));

    public async Task WaitForBlockAsync(ChainNode node, ulong number)
    {
        using CancellationTokenSource patience = new(Patience);
        try
        {
            await node.WaitForBlockAsync(number, patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Block {number} did not become final; heads: {string.Join(' ', Running.Select(n => n.Ledger.Head.Number))}\n{log}");
        }
    }

    /// <summary>Every pair of nodes has the same blocks up to the lower head.</summary>
    public void AssertAgrees()
    {
        foreach (ChainNode node in Running)
        {
            for (ulong number = 0; number <= Math.Min(node.Ledger.Head.Number, Running.First().Ledger.Head.Number); number++)
            {
                Assert.Equal(Running.First().Ledger.HashOf(number), node.Ledger.HashOf(number));
            }
        }
        Assert.All(Running, node => Assert.Equal(0, node.Metrics.RefusedSignatures));
    }

    public Transaction Transfer(ulong nonce) => Transaction.Sign(
        UnsignedTransaction.FeeMarket(Genesis.ChainId, nonce, 100_000_000_000, 1_000_000_000, 21_000) with
        {
            To = keys[0].Address,
            Value = 1000,
        },
        funded);

    public async ValueTask DisposeAsync()
    {
        await StopAllAsync();
        Array.ForEach(keys, key => key.Dispose());
        funded.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static int[] FreePorts(int count)
    {
        Socket[] probes = [.. Enumerable.Range(0, count).Select(_ =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return socket;
        })];
        int[] free = [.. probes.Select(probe => ((IPEndPoint)probe.LocalEndPoint!).Port)];
        Array.ForEach(probes, probe => probe.Dispose());
        return free;
    }
}

/// <summary>Keeps the last lines of all nodes for the message of a failure.</summary>
internal sealed class TestLog
{
    private const int LinesMax = 400;
    private readonly ConcurrentQueue<string> lines = new();

    public ILogger For(int node) => new NodeLogger(this, node);

    public override string ToString() => string.Join('\n', lines);

    private sealed class NodeLogger(TestLog log, int node) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            log.lines.Enqueue($"{DateTimeOffset.UtcNow:mm:ss.fff} n{node} {formatter(state, exception)} {exception}");
            while (log.lines.Count > LinesMax)
            {
                log.lines.TryDequeue(out _);
            }
        }
    }
}
