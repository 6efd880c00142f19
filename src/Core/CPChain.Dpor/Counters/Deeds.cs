using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>What an account did in one term (D5, word "deeds").</summary>
/// <param name="Sends">Transactions that it sent.</param>
/// <param name="Blocks">Ordinary blocks that it made.</param>
/// <param name="Impeached">Its numbers that were impeached.</param>
/// <param name="Uploads">Records that it anchored.</param>
/// <param name="Sales">Its sales that settled.</param>
/// <param name="Receipts">Its receipts, as a proxy, that settled.</param>
public readonly record struct Deeds(uint Sends, ushort Blocks, ushort Impeached, uint Uploads, uint Sales, uint Receipts)
{
    /// <summary>The word of a term.</summary>
    public UInt256 Pack(ulong term) => new(
        TermMark.Of(term) | ((ulong)Sends << 32),
        Blocks | ((ulong)Impeached << 16) | ((ulong)Uploads << 32),
        Sales | ((ulong)Receipts << 32));

    /// <summary>What a word says of a term; nothing if it is of another.</summary>
    public static Deeds Read(in UInt256 word, ulong term) => TermMark.IsOf(word, term)
        ? unchecked(new Deeds(
            (uint)(word.U0 >> 32), (ushort)word.U1, (ushort)(word.U1 >> 16), (uint)(word.U1 >> 32), (uint)word.U2, (uint)(word.U2 >> 32)))
        : default;

    /// <summary>One more, or as many as the field holds.</summary>
    internal static uint Up(uint count) => count == uint.MaxValue ? count : count + 1;

    /// <inheritdoc cref="Up(uint)"/>
    internal static ushort Up(ushort count) => count == ushort.MaxValue ? count : (ushort)(count + 1);
}
