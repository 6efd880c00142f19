using System.Collections.Immutable;
using CPChain.Crypto;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Chain;

/// <summary>
/// A signed wish of an account to run another's code (EIP-7702). Its signature may be worthless: such an entry is
/// skipped when the transaction runs, it does not make the transaction invalid.
/// </summary>
/// <param name="ChainId">The chain it holds on; 0 for every chain.</param>
/// <param name="Target">Account whose code is borrowed; zero clears the delegation.</param>
/// <param name="Nonce">Nonce the authority must have.</param>
/// <param name="YParity">Parity bit of the signature as sent, 0 to 255.</param>
/// <param name="R">Signature r as sent.</param>
/// <param name="S">Signature s as sent.</param>
public sealed record Authorization(UInt256 ChainId, Address Target, ulong Nonce, byte YParity, UInt256 R, UInt256 S)
{
    private const byte Magic = 0x05;

    /// <summary>What the authority signs: keccak256(0x05 || rlp([chainId, target, nonce])).</summary>
    public static Hash256 SigningHash(in UInt256 chainId, in Address target, ulong nonce)
    {
        RlpWriter writer = new();
        writer.BeginList();
        writer.WriteUInt256(chainId);
        writer.WriteAddress(target);
        writer.WriteUlong(nonce);
        writer.EndList();
        return Keccak256.Hash([Magic], writer.WrittenSpan);
    }

    /// <summary>Signs an authorisation.</summary>
    public static Authorization Sign(in UInt256 chainId, in Address target, ulong nonce, PrivateKey authority)
    {
        Signature signature = authority.Sign(SigningHash(chainId, target, nonce));
        return new Authorization(chainId, target, nonce, signature.V, signature.R, signature.S);
    }

    /// <summary>The account that signed; false when no account did.</summary>
    public bool TryRecoverAuthority(out Address authority)
    {
        authority = default;
        return SignatureParts.TryJoin(R, S, YParity, out Signature signature)
            && Secp256k1.TryRecoverAddress(SigningHash(ChainId, Target, Nonce), signature, out authority);
    }

    internal static void WriteList(RlpWriter writer, ImmutableArray<Authorization> entries)
    {
        writer.BeginList();
        foreach (Authorization entry in entries)
        {
            writer.BeginList();
            writer.WriteUInt256(entry.ChainId);
            writer.WriteAddress(entry.Target);
            writer.WriteUlong(entry.Nonce);
            writer.WriteUlong(entry.YParity);
            writer.WriteUInt256(entry.R);
            writer.WriteUInt256(entry.S);
            writer.EndList();
        }
        writer.EndList();
    }

    internal static bool TryReadList(ref RlpReader reader, out ImmutableArray<Authorization> entries)
    {
        entries = [];
        if (!reader.TryReadList(out RlpReader items))
            return false;
        ImmutableArray<Authorization>.Builder builder = ImmutableArray.CreateBuilder<Authorization>();
        while (!items.AtEnd)
        {
            if (!items.TryReadList(out RlpReader entry)
                || !entry.TryReadUInt256(out UInt256 chainId)
                || !entry.TryReadAddress(out Address target)
                || !entry.TryReadUlong(out ulong nonce)
                || !entry.TryReadUlong(out ulong parity) || parity > byte.MaxValue
                || !entry.TryReadUInt256(out UInt256 r)
                || !entry.TryReadUInt256(out UInt256 s)
                || !entry.AtEnd)
                return false;
            builder.Add(new Authorization(chainId, target, nonce, (byte)parity, r, s));
        }
        entries = builder.ToImmutable();
        return true;
    }
}
