using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Crypto;

/// <summary>Where a contract that is created comes to lie.</summary>
public static class ContractAddress
{
    /// <summary>The end of keccak256(rlp([sender, nonce])) (Yellow Paper, section 7).</summary>
    public static Address Create(in Address sender, ulong nonce)
    {
        var writer = new RlpWriter(32);
        writer.BeginList();
        writer.WriteAddress(sender);
        writer.WriteUlong(nonce);
        writer.EndList();
        return LastBytes(writer.WrittenSpan);
    }

    /// <summary>The end of keccak256(0xff || sender || salt || keccak256(initCode)) (EIP-1014).</summary>
    public static Address Create2(in Address sender, in UInt256 salt, in Hash256 initCodeHash)
    {
        Span<byte> input = stackalloc byte[1 + Address.Length + 32 + Hash256.Length];
        input[0] = 0xff;
        sender.CopyTo(input[1..]);
        salt.WriteBigEndian(input.Slice(21, 32));
        initCodeHash.CopyTo(input[53..]);
        return LastBytes(input);
    }

    private static Address LastBytes(ReadOnlySpan<byte> input)
    {
        Span<byte> digest = stackalloc byte[Hash256.Length];
        Keccak256.Hash(input, digest);
        return Address.FromBytes(digest[12..]);
    }
}
