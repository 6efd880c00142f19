namespace CPChain.App.Devnet;

/// <summary>Bounds of what a person may ask of a local network.</summary>
public static class DevnetOptions
{
    private const int ChainNodes = 8;
    private const ulong PeriodMsMin = 100;
    private const ulong PeriodMsMax = 3_600_000;

    /// <summary>Refuses a new network whose JSON-RPC ports somebody holds.</summary>
    public static void DemandPorts(int rpcPort)
    {
        for (int port = rpcPort; port < rpcPort + ChainNodes; port++) FreePorts.Demand(port, "--rpc-port");
    }

    public static void Check(int rpcPort, ulong periodMs)
    {
        if (rpcPort is < 1 or > 65_535 - ChainNodes)
        {
            throw new CommandFault($"--rpc-port {rpcPort} is no port that {ChainNodes} nodes can count up from.", "choose 1024 to 65000.");
        }

        if (periodMs is < PeriodMsMin or > PeriodMsMax)
        {
            throw new CommandFault(
                $"--period {periodMs} is out of range.", $"choose {PeriodMsMin} to {PeriodMsMax} milliseconds.");
        }
    }
}
