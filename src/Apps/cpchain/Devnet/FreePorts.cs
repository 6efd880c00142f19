using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using CPChain.Types;

namespace CPChain.App.Devnet;

/// <summary>Loopback ports that nobody holds at this moment.</summary>
public static class FreePorts
{
    // Below the range from which the kernel takes ports for outgoing connections, so none of those can be in the way later.
    private const int Lowest = 20_000;
    private const int Highest = 32_000;

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>Takes <paramref name="count"/> distinct ports, all held until the last is known; none of those reserved.</summary>
    public static int[] Take(int count, int reservedFirst = 0, int reservedCount = 0)
    {
        List<TcpListener> held = [];
        try
        {
            int port = RandomNumberGenerator.GetInt32(Lowest, Highest);
            for (int tries = 0; held.Count < count && tries < Highest - Lowest; tries++)
            {
                bool isReserved = port >= reservedFirst && port < reservedFirst + reservedCount;
                if (!isReserved && TryHold(port) is { } listener) held.Add(listener);
                port = port + 1 == Highest ? Lowest : port + 1;
            }

            Invariant.Check(held.Count == count, "no free port is left on the loopback interface");
            return [.. held.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (TcpListener listener in held) listener.Dispose();
        }
    }

    /// <summary>Refuses with words when somebody holds the port.</summary>
    public static void Demand(int port, string option)
    {
        using TcpListener? probe = TryHold(port);
        if (probe is null)
        {
            throw new CommandFault(
                $"port {port} is in use.", $"stop the program that holds it, or choose another with {option}.",
                CommandFault.EnvironmentExitCode);
        }
    }

    /// <summary>Waits a bounded time for ports to become free, as those of a network whose processes are just ending do; says nothing of the outcome.</summary>
    public static async Task AwaitAsync(IEnumerable<int> ports, TimeSpan atMost, CancellationToken cancel)
    {
        long start = TimeProvider.System.GetTimestamp();
        foreach (int port in ports)
        {
            while (!IsFree(port) && TimeProvider.System.GetElapsedTime(start) < atMost)
            {
                await Task.Delay(LookAgainAfter, cancel);
            }
        }
    }

    private static bool IsFree(int port)
    {
        using TcpListener? probe = TryHold(port);
        return probe is not null;
    }

    private static TcpListener? TryHold(int port)
    {
        TcpListener listener = new(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }
}
