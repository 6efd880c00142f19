using CPChain.Types;

namespace CPChain.Simulation.Rules;

/// <summary>A block as far as consensus sees it.</summary>
public sealed record SimulatedBlock(
    BlockNumber Height, Hash256 Parent, Hash256 Hash, ulong TimeMs, bool IsValid = true, bool IsImpeach = false);

/// <summary>All blocks that anybody has made, by hash: a body that is not here cannot exist.</summary>
public sealed class BlockPool
{
    private readonly Dictionary<Hash256, SimulatedBlock> _blocks = [];
    private readonly Dictionary<ulong, List<SimulatedBlock>> _ofHeight = [];
    private ulong _made;

    public BlockPool(ulong genesisTimeMs) =>
        Genesis = Add(new SimulatedBlock(BlockNumber.Genesis, Hash256.Zero, HashOf(0, 0), genesisTimeMs));

    public SimulatedBlock Genesis { get; }

    public SimulatedBlock this[in Hash256 hash] => _blocks[hash];

    public SimulatedBlock? Find(in Hash256 hash) => _blocks.GetValueOrDefault(hash);

    /// <summary>Blocks that somebody has made at a height, oldest first.</summary>
    public IReadOnlyList<SimulatedBlock> At(ulong height) => _ofHeight.GetValueOrDefault(height) ?? [];

    public SimulatedBlock Make(SimulatedBlock parent, ulong timeMs, bool isValid = true) => Add(new SimulatedBlock(
        parent.Height.Next, parent.Hash, HashOf(parent.Height.Value + 1, ++_made), timeMs, isValid));

    /// <summary>I_h: a function of the parent alone (L2.2).</summary>
    public SimulatedBlock ImpeachOf(SimulatedBlock parent, ulong timeMs)
    {
        UInt256 word = parent.Hash.ToUInt256();
        Hash256 hash = Hash256.FromUInt256(new UInt256(word.U0, word.U1, word.U2 + 1, word.U3 ^ (0xFFUL << 56)));
        return Find(hash) ?? Add(new SimulatedBlock(parent.Height.Next, parent.Hash, hash, timeMs, IsImpeach: true));
    }

    private SimulatedBlock Add(SimulatedBlock block)
    {
        _blocks.Add(block.Hash, block);
        if (!_ofHeight.TryGetValue(block.Height.Value, out List<SimulatedBlock>? blocks))
            _ofHeight[block.Height.Value] = blocks = [];
        blocks.Add(block);
        return block;
    }

    private static Hash256 HashOf(ulong height, ulong number) => Hash256.FromUInt256(new UInt256(
        new SeededRandom(number).Next(), number, 0, (height << 32 | number) & 0x00FF_FFFF_FFFF_FFFF));
}
