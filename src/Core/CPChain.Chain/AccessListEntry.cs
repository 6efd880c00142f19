using System.Collections.Immutable;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Chain;

/// <summary>An account and slots of it that a transaction announces (EIP-2930).</summary>
public sealed record AccessListEntry(Address Address, ImmutableArray<UInt256> Slots)
{
    /// <inheritdoc/>
    public bool Equals(AccessListEntry? other) =>
        other is not null && Address == other.Address && Slots.AsSpan().SequenceEqual(other.Slots.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address, Slots.Length);

    internal static void WriteList(RlpWriter writer, ImmutableArray<AccessListEntry> entries)
    {
        Span<byte> slotBytes = stackalloc byte[32];
        writer.BeginList();
        foreach (AccessListEntry entry in entries)
        {
            writer.BeginList();
            writer.WriteAddress(entry.Address);
            writer.BeginList();
            foreach (UInt256 slot in entry.Slots)
            {
                slot.WriteBigEndian(slotBytes);
                writer.WriteBytes(slotBytes);
            }
            writer.EndList();
            writer.EndList();
        }
        writer.EndList();
    }

    internal static bool TryReadList(ref RlpReader reader, out ImmutableArray<AccessListEntry> entries)
    {
        entries = [];
        if (!reader.TryReadList(out RlpReader items))
            return false;
        if (items.AtEnd)
            return true;
        ImmutableArray<AccessListEntry>.Builder builder = ImmutableArray.CreateBuilder<AccessListEntry>();
        while (!items.AtEnd)
        {
            if (!items.TryReadList(out RlpReader entry) || !entry.TryReadAddress(out Address address)
                || !entry.TryReadList(out RlpReader slotItems) || !entry.AtEnd)
                return false;
            ImmutableArray<UInt256>.Builder slots = ImmutableArray.CreateBuilder<UInt256>();
            while (!slotItems.AtEnd)
            {
                // A slot is exactly 32 bytes on the wire, not an integer.
                if (!slotItems.TryReadBytes(out ReadOnlySpan<byte> slot, 32) || slot.Length != 32)
                    return false;
                slots.Add(UInt256.FromBigEndian(slot));
            }
            builder.Add(new AccessListEntry(address, slots.ToImmutable()));
        }
        entries = builder.ToImmutable();
        return true;
    }
}
