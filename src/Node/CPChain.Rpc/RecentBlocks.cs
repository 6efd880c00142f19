using System.Collections.Immutable;
using CPChain.Chain;

namespace CPChain.Rpc;

/// <summary>
/// The blocks that were asked for last, decoded, with their receipts: many clients wait for receipts of one large block, and
/// reading it anew for each would cost the square of its size. Final blocks never change, so nothing is ever stale.
/// </summary>
internal sealed class RecentBlocks(IChainSource chain)
{
    // Each may be as large as a block gets, so these are few.
    private const int Slots = 4;
    private readonly Entry?[] _entries = new Entry?[Slots];

    public Block? Block(ulong number) => Find(number)?.Block;

    public ImmutableArray<Receipt> Receipts(ulong number) => Find(number) is { } entry ? entry.Receipts : [];

    private Entry? Find(ulong number)
    {
        int slot = (int)(number % Slots);
        if (Volatile.Read(ref _entries[slot]) is { } known && known.Block.Header.Number == number) return known;
        if (chain.BlockByNumber(number) is not { } block) return null;
        Entry entry = new(block, chain.ReceiptsOf(number));
        Volatile.Write(ref _entries[slot], entry);
        return entry;
    }

    private sealed record Entry(Block Block, ImmutableArray<Receipt> Receipts);
}
