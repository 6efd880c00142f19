namespace CPChain.App.Devnet;

/// <summary>A node of a local network that can be stopped and started again: in this process or in one of its own.</summary>
public interface INetworkNode : IAsyncDisposable
{
    PlannedNode Plan { get; }

    bool IsRunning { get; }

    /// <summary>Called when the node ends without having been asked to.</summary>
    Action<Exception>? Failed { get; set; }

    /// <summary>Returns when the node serves.</summary>
    Task StartAsync(CancellationToken cancel);

    /// <summary>Ends the node in order.</summary>
    Task StopAsync();

    /// <summary>Ends the node as a power cut would, as far as its form allows.</summary>
    Task KillAsync();
}
