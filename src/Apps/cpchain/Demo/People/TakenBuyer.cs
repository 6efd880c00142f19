using CPChain.App.Devnet;
using CPChain.Pdash.Buying;
using CPChain.Pre.Format;
using CPChain.Pre.Grants;

namespace CPChain.App.Demo.People;

/// <summary>A buyer whose folder, keys and purchase are open, to show what they open and what they do not.</summary>
/// <param name="buyer">The buyer.</param>
/// <param name="bought">The purchase.</param>
/// <param name="folder">The folder where it was opened for this alone; null when the buyer goes on.</param>
public sealed class TakenBuyer(Buyer buyer, Bought bought, ParticipantFolder? folder) : IAsyncDisposable
{
    public Buyer Buyer { get; } = buyer;

    public Bought Bought { get; } = bought;

    /// <summary>The grant that the chain commits to, from the storage nodes.</summary>
    public async Task<Grant> GrantAsync(CancellationToken cancel)
    {
        byte[]? bytes = await Buyer.Storage.GetAsync(Bought.Purchase.Order.GrantHash, cancel);
        return bytes is not null && Grant.TryDecode(bytes, out Grant? grant, out DecodeFault _) ? grant
            : throw new CommandFault(
                $"no storage node has the grant of order {Bought.Purchase.Order.Id}.", "read the storage nodes' logs (--keep).",
                CommandFault.EnvironmentExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        Bought.Dispose();
        if (folder is null) return;
        await Buyer.DisposeAsync();
        folder.Dispose();
    }
}
