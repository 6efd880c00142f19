using CPChain.Crypto;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Trie;

/// <summary>Keys and values of the account trie and of storage tries (Yellow Paper, section 4.1).</summary>
public static class StateTrieKeys
{
    /// <summary>Key of an account, and owner of its storage trie.</summary>
    public static Hash256 OfAddress(in Address address)
    {
        Span<byte> bytes = stackalloc byte[Address.Length];
        address.CopyTo(bytes);
        return Keccak256.Hash(bytes);
    }

    /// <summary>The same for many, which are hashed eight at a time.</summary>
    public static Hash256[] OfAddresses(ReadOnlySpan<Address> addresses)
    {
        byte[] bytes = new byte[addresses.Length * Address.Length];
        ReadOnlyMemory<byte>[] inputs = new ReadOnlyMemory<byte>[addresses.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            addresses[i].CopyTo(bytes.AsSpan(i * Address.Length));
            inputs[i] = bytes.AsMemory(i * Address.Length, Address.Length);
        }

        Hash256[] keys = new Hash256[inputs.Length];
        KeccakBatch.Hash(inputs, keys);
        return keys;
    }

    /// <summary>Key of a slot in a storage trie.</summary>
    public static Hash256 OfSlot(in UInt256 slot)
    {
        Span<byte> bytes = stackalloc byte[32];
        slot.WriteBigEndian(bytes);
        return Keccak256.Hash(bytes);
    }

    /// <summary>Value of a slot: RLP without leading zeros, or null for zero, which removes the entry.</summary>
    public static byte[]? EncodeSlotValue(in UInt256 value)
    {
        if (value.IsZero)
        {
            return null;
        }

        RlpWriter writer = new(40);
        writer.WriteUInt256(value);
        return writer.ToArray();
    }
}
