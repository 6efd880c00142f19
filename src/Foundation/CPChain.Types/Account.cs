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
        var writer = new RlpWriter(112);
        Write(writer);
        return writer.ToArray();
    }

    public void Write(RlpWriter writer)
    {
        writer.BeginList();
        writer.WriteUlong(Nonce);
        writer.WriteUInt256(Balance);
        writer.WriteHash(StorageRoot);
        writer.WriteHash(CodeHash);
        writer.EndList();
    }

    /// <summary>Writes what <see cref="Encode"/> gives into memory that has room for it, and returns the number of bytes.</summary>
    public int Write(Span<byte> destination)
    {
        // Two hashes make the list longer than 55 bytes and shorter than 256, so its header has two.
        int at = 2 + WriteNumber(Nonce, destination[2..]);
        at += WriteNumber(Balance, destination[at..]);
        foreach (Hash256 hash in (ReadOnlySpan<Hash256>)[StorageRoot, CodeHash])
        {
            destination[at] = 0x80 + Hash256.Length;
            hash.CopyTo(destination[(at + 1)..]);
            at += 1 + Hash256.Length;
        }

        destination[0] = 0xf8;
        destination[1] = (byte)(at - 2);
        return at;
    }

    private static int WriteNumber(in UInt256 number, Span<byte> destination)
    {
        if (number < 0x80UL)
        {
            destination[0] = number.IsZero ? (byte)0x80 : (byte)number.U0;
            return 1;
        }

        Span<byte> bytes = stackalloc byte[UInt256.Length];
        number.WriteBigEndian(bytes);
        int length = number.ByteLength;
        destination[0] = (byte)(0x80 + length);
        bytes[(UInt256.Length - length)..].CopyTo(destination[1..]);
        return 1 + length;
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
