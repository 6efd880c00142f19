using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CPChain.App.Devnet;
using CPChain.Sdk;

namespace CPChain.EndToEnd;

/// <summary>`cpchain devnet` on a folder, with a client of each of its chain nodes.</summary>
internal sealed class RunningDevnet : IAsyncDisposable
{
    /// <summary>A start takes a second or two on an idle machine; a busy one may take its time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string folder;
    private readonly Dictionary<string, ChainClient> clients = [];

    private RunningDevnet(string folder, CpchainProcess process)
    {
        this.folder = folder;
        Process = process;
    }

    public CpchainProcess Process { get; }

    /// <summary>Names of the chain nodes; the first is the one whose JSON-RPC is printed.</summary>
    public IReadOnlyList<string> Names => [.. clients.Keys];

    /// <summary>From the start of the process until every node serves.</summary>
    public TimeSpan StartTook { get; private set; }

    /// <summary>Wall clock when the last node served, milliseconds since 1970.</summary>
    public long ReadyAtMs { get; private set; }

    public static RunningDevnet Launch(string folder, bool processes, int rpcPort) => new(folder, CpchainProcess.Start(
        [.. (string[])["devnet", "--dir", folder, "--rpc-port", $"{rpcPort}"], .. processes ? (string[])["--processes"] : []]));

    public static async Task<RunningDevnet> StartAsync(string folder, bool processes, int rpcPort)
    {
        RunningDevnet devnet = Launch(folder, processes, rpcPort);
        await devnet.ReadyAsync();
        return devnet;
    }

    public ChainClient Client(string name) => clients[name];

    public async Task ReadyAsync()
    {
        Stopwatch watch = Stopwatch.StartNew();
        await Process.LineAsync(line => line.StartsWith("JSON-RPC: ", StringComparison.Ordinal), Patience);
        (StartTook, ReadyAtMs) = (watch.Elapsed, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        DevnetPlan plan = Plan(folder);
        foreach (PlannedNode node in plan.Nodes) clients[node.Name] = new ChainClient(LocalNetwork.RpcUrlOf(node));
    }

    public static DevnetPlan Plan(string folder) => DevnetFolder.OpenOrCreate(folder, null!, 0).Plan;

    public static long NowMs() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>The first of so many ports in a row that nobody holds, below those that new networks take for their nodes.</summary>
    public static int FreeRpcPorts(int count = 8)
    {
        for (int first = 10_000 + (Environment.ProcessId % 800 * 10); first < 20_000 - count; first += count)
        {
            if (Enumerable.Range(first, count).All(IsFree)) return first;
        }

        throw new InvalidOperationException("No free ports.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ChainClient client in clients.Values) client.Dispose();
        await Process.DisposeAsync();
    }

    private static bool IsFree(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
