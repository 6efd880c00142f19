using System.Runtime.CompilerServices;
using CPChain.Sdk;

namespace CPChain.App.Devnet;

/// <summary>The head's number each time it has risen.</summary>
public sealed class HeadWatch(ChainClient client, TimeSpan period)
{
    /// <summary>Ends when cancelled; a node that does not answer for a moment is asked again.</summary>
    public async IAsyncEnumerable<ulong> NumbersAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        using PeriodicTimer timer = new(period / 2);
        ulong? last = null;
        while (!cancel.IsCancellationRequested)
        {
            ulong? head = await TryReadAsync(cancel);
            if (head is { } number && number > (last ?? 0))
            {
                last = number;
                yield return number;
            }

            try
            {
                await timer.WaitForNextTickAsync(cancel);
            }
            catch (OperationCanceledException)
            {
                yield break;
            }
        }
    }

    private async Task<ulong?> TryReadAsync(CancellationToken cancel)
    {
        try
        {
            return await client.GetBlockNumberAsync(cancel);
        }
        catch (Exception failure) when (failure is ChainClientException or OperationCanceledException)
        {
            return null;
        }
    }
}
