using System.Security.Cryptography;

namespace CPChain.Data.Keys;

/// <summary>Place of a node in a key tree: <paramref name="Depth"/> steps below the root, the
/// <paramref name="Index"/>-th from the left.</summary>
public readonly record struct KeyPlace(byte Depth, uint Index)
{
    /// <summary>First interval below the node, counted inside its epoch.</summary>
    public uint First => Index << (KeyTree.Depth - Depth);

    /// <summary>Last interval below the node.</summary>
    public uint Last => First + (uint)((1 << (KeyTree.Depth - Depth)) - 1);
}

/// <summary>The interval keys of an epoch as leaves of a Goldreich–Goldwasser–Micali tree (rules D3.1 to D3.3).</summary>
/// <remarks>A child is HMAC-SHA256(parent, 0 or 1). A node opens exactly the intervals below it.</remarks>
public static class KeyTree
{
    /// <summary>Levels below the root.</summary>
    public const int Depth = 16;

    /// <summary>Intervals of an epoch.</summary>
    public const int Intervals = 1 << Depth;

    /// <summary>Largest number of an interval: epochs have 32 bits.</summary>
    public const ulong IntervalMax = ((ulong)uint.MaxValue << Depth) + Intervals - 1;

    /// <summary>The epoch of an interval of a stream.</summary>
    public static uint EpochOf(ulong interval) => (uint)(interval >> Depth);

    /// <summary>The seed of an epoch, from the owner's master secret of a stream.</summary>
    public static SymmetricKey EpochSeed(SymmetricKey master, in Types.Hash256 streamId, uint epoch)
    {
        byte[] context = new byte[Types.Hash256.Length + 4];
        streamId.CopyTo(context);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(context.AsSpan(Types.Hash256.Length), epoch);
        return master.Derive("cpchain/epoch/1", context);
    }

    /// <summary>The node at <paramref name="to"/>, derived from the ancestor at <paramref name="from"/>.</summary>
    public static SymmetricKey Derive(SymmetricKey ancestor, KeyPlace from, KeyPlace to)
    {
        Span<byte> node = stackalloc byte[SymmetricKey.Length];
        Span<byte> bit = stackalloc byte[1];
        ancestor.Bytes.CopyTo(node);
        for (int level = to.Depth - from.Depth - 1; level >= 0; level--)
        {
            bit[0] = (byte)(to.Index >> level & 1);
            HMACSHA256.HashData(node, bit, node);
        }
        SymmetricKey key = new(node);
        CryptographicOperations.ZeroMemory(node);
        return key;
    }

    /// <summary>The key of one interval of the seed's epoch.</summary>
    public static SymmetricKey IntervalKey(SymmetricKey seed, ulong interval) =>
        Derive(seed, default, new KeyPlace(Depth, (uint)(interval % Intervals)));

    /// <summary>The fewest nodes that cover the intervals <paramref name="first"/> to <paramref name="last"/> of one
    /// epoch: 2 log2 n at most.</summary>
    public static IReadOnlyList<KeyPlace> Cover(uint first, uint last)
    {
        Types.Invariant.Check(first <= last && last < Intervals, "a cover lies inside one epoch");
        List<KeyPlace> cover = [];
        for (uint at = first; ;)
        {
            byte depth = Depth;
            while (depth > 0)
            {
                KeyPlace parent = new((byte)(depth - 1), at >> (Depth - depth + 1));
                if (parent.First != at || parent.Last > last) break;
                depth--;
            }
            KeyPlace place = new(depth, at >> (Depth - depth));
            cover.Add(place);
            if (place.Last >= last) return cover;
            at = place.Last + 1;
        }
    }
}
