namespace CPChain.Rpc.Protocol;

/// <summary>Lets so many executions for clients run at once, off the network's threads: blocks must keep a share of the processors.</summary>
internal sealed class WorkTurns : IDisposable
{
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount));

    /// <summary>Runs <paramref name="work"/> when it is its turn.</summary>
    public async ValueTask<RpcAnswer> RunAsync(Func<RpcAnswer> work, CancellationToken cancel)
    {
        await _turns.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await Task.Run(work, cancel).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
