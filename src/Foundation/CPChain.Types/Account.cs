using CPChain.Types.Rlp;

namespace CPChain.Types;

/// <summary>An account as the state trie holds it: RLP of [nonce, balance, storageRoot, codeHash].</summary>
public readonly record struct Account(ulong Nonce, UInt256 Balance, Hash256 CodeHash, Hash256 StorageRoot)
{
    /// <summary>Keccak-256 of no bytes: the code hash of an account without code.</summary>
    public static Hash256 EmptyCodeHash { get; } =
        Hash256.Parse("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");

    /// <summary>Keccak-256 of the RLP of an empty string: the root of an empty trie.</summary>
    public static Hash256 EmptyTrieRoot { get; } =
        Hash256.Parse("0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");

    public static Account Empty => new(0, UInt256.Zero, EmptyCodeHash, EmptyTrieRoot);

    public bool HasCode => CodeHash != EmptyCodeHash;

    /// <summary>Empty in the sense of EIP-161: no nonce, no balance, no code.</summary>
    public bool IsEmpty => Nonce == 0 && Balance.IsZero && !HasCode;

    /// <summary>The most bytes that <see cref="Encode"/> gives.</summary>
    public const int EncodedBytesMax = 2 + 9 + 33 + 33 + 33;

    public byte[] Encode()
    {
        Span<byte> room = stackalloc byte[EncodedBytesMax];
        return room[..Write(room)].ToArray();
    }

    /// <summary>Writes what <see cref="Encode"/> gives into memory that has room for it, and returns the number of bytes.</summary>
    public int Write(Span<byte> destination)
    {
        // Two hashes make the list longer than 55 bytes and shorter than 256, so its header has two.
        const int header = 2;
        Span<byte> word = stackalloc byte[UInt256.Length];
        int at = header + WriteNumber(destination[header..], Nonce, word);
        at += WriteNumber(destination[at..], Balance, word);
        StorageRoot.CopyTo(word);
        at += RlpWriter.WriteString(destination[at..], word);
        CodeHash.CopyTo(word);
        at += RlpWriter.WriteString(destination[at..], word);
        RlpWriter.WriteListHeader(destination, at - header);
        return at;
    }

    private static int WriteNumber(Span<byte> destination, in UInt256 number, Span<byte> word)
    {
        number.WriteBigEndian(word);
        return RlpWriter.WriteString(destination, word[(UInt256.Length - number.ByteLength)..]);
    }

    /// <summary>Reads one account and nothing after it.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, out Account account)
    {
        account = default;
        var outer = new RlpReader(encoded);
        if (!outer.TryReadList(out RlpReader fields) || !outer.AtEnd) return false;
        if (!fields.TryReadUlong(out ulong nonce) || !fields.TryReadUInt256(out UInt256 balance)) return false;
        if (!fields.TryReadHash(out Hash256 root) || !fields.TryReadHash(out Hash256 code) || !fields.AtEnd) return false;
        account = new Account(nonce, balance, code, root);
        return true;
    }
}
