using System.Collections.Immutable;
using CPChain.Crypto;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Chain;

/// <summary>Bytes to transaction fields: canonical RLP only, every field bounded (rule C7).</summary>
internal static class TransactionDecoder
{
    // The first byte of an RLP list; below it stands a type byte (EIP-2718).
    private const byte FirstListByte = 0xc0;

    public static TransactionFault Decode(
        byte[] encoded, out UnsignedTransaction? content, out Signature signature, bool isForeign = false)
    {
        content = null;
        signature = default;
        if (encoded.Length == 0)
            return TransactionFault.Empty;
        if (encoded[0] >= FirstListByte)
            return DecodeLegacy(encoded, isForeign, out content, out signature);
        return encoded[0] switch
        {
            (byte)TxType.Blob when isForeign => DecodeTyped(TxType.Blob, encoded, out content, out signature),
            (byte)TxType.AccessList or (byte)TxType.FeeMarket or (byte)TxType.SetCode =>
                DecodeTyped((TxType)encoded[0], encoded, out content, out signature),
            (byte)TxType.Blob => IsList(encoded.AsSpan(1)) ? TransactionFault.BlobsRefused : TransactionFault.Malformed,
            _ => TransactionFault.UnknownType,
        };
    }

    private static TransactionFault DecodeLegacy(
        byte[] encoded, bool isForeign, out UnsignedTransaction? content, out Signature signature)
    {
        content = null;
        signature = default;
        RlpReader outer = new(encoded);
        if (!outer.TryReadList(out RlpReader reader) || !outer.AtEnd
            || !reader.TryReadUlong(out ulong nonce)
            || !reader.TryReadUInt256(out UInt256 gasPrice)
            || !TryReadCall(ref reader, encoded, out CallFields call)
            || !reader.TryReadUInt256(out UInt256 v)
            || !reader.TryReadUInt256(out UInt256 r)
            || !reader.TryReadUInt256(out UInt256 s)
            || !reader.AtEnd)
            return TransactionFault.Malformed;
        bool isUnbound = v == 27UL || v == 28UL;
        if (isUnbound && !isForeign)
            return TransactionFault.Unprotected;
        if (!isUnbound && v < 35UL)
            return TransactionFault.InvalidSignature;
        UInt256 chainId = isUnbound ? UInt256.Zero : (v - 35UL) >> 1;
        if (!chainId.FitsUlong)
            return TransactionFault.ChainIdTooLarge;
        // Chain id 0 is what an unbound signature would claim.
        if (chainId.IsZero && !isUnbound)
            return TransactionFault.Unprotected;
        // 27 and 35 are both odd: the parity is the same distance from either.
        if (!SignatureParts.TryJoin(r, s, ((v - 27UL) & 1UL).U0, out signature))
            return TransactionFault.InvalidSignature;
        content = new UnsignedTransaction
        {
            Type = TxType.Legacy,
            ChainId = chainId.U0,
            Nonce = nonce,
            MaxFeePerGas = gasPrice,
            MaxPriorityFeePerGas = gasPrice,
            GasLimit = call.GasLimit,
            To = call.To,
            Value = call.Value,
            Data = call.Data,
        };
        return TransactionFault.None;
    }

    private static TransactionFault DecodeTyped(
        TxType type, byte[] encoded, out UnsignedTransaction? content, out Signature signature)
    {
        content = null;
        signature = default;
        RlpReader outer = new(encoded.AsSpan(1));
        UInt256 tip = default;
        ImmutableArray<Authorization> authorizations = [];
        UInt256 blobFee = default;
        ImmutableArray<Hash256> blobHashes = [];
        if (!outer.TryReadList(out RlpReader reader) || !outer.AtEnd
            || !reader.TryReadUInt256(out UInt256 chainId)
            || !reader.TryReadUlong(out ulong nonce)
            || (type != TxType.AccessList && !reader.TryReadUInt256(out tip))
            || !reader.TryReadUInt256(out UInt256 fee)
            || !TryReadCall(ref reader, encoded, out CallFields call)
            || !AccessListEntry.TryReadList(ref reader, out ImmutableArray<AccessListEntry> accessList)
            || (type == TxType.SetCode && !Authorization.TryReadList(ref reader, out authorizations))
            || (type == TxType.Blob && !(reader.TryReadUInt256(out blobFee) && TryReadHashes(ref reader, out blobHashes)))
            || !reader.TryReadUInt256(out UInt256 parity)
            || !reader.TryReadUInt256(out UInt256 r)
            || !reader.TryReadUInt256(out UInt256 s)
            || !reader.AtEnd)
            return TransactionFault.Malformed;
        if (!chainId.FitsUlong)
            return TransactionFault.ChainIdTooLarge;
        if (parity > 1UL || !SignatureParts.TryJoin(r, s, parity.U0, out signature))
            return TransactionFault.InvalidSignature;
        if (type == TxType.SetCode && call.To is null)
            return TransactionFault.SetCodeWithoutDestination;
        if (type == TxType.SetCode && authorizations.IsEmpty)
            return TransactionFault.NoAuthorizations;
        content = new UnsignedTransaction
        {
            Type = type,
            ChainId = chainId.U0,
            Nonce = nonce,
            MaxFeePerGas = fee,
            MaxPriorityFeePerGas = type == TxType.AccessList ? fee : tip,
            GasLimit = call.GasLimit,
            To = call.To,
            Value = call.Value,
            Data = call.Data,
            AccessList = accessList,
            Authorizations = authorizations,
            MaxFeePerBlobGas = blobFee,
            BlobHashes = blobHashes,
        };
        return TransactionFault.None;
    }

    private static bool TryReadCall(ref RlpReader reader, byte[] encoded, out CallFields call)
    {
        call = default;
        if (!reader.TryReadUlong(out ulong gasLimit)
            || !reader.TryReadOptionalAddress(out Address? to)
            || !reader.TryReadUInt256(out UInt256 value)
            || !reader.TryReadBytes(out ReadOnlySpan<byte> data))
            return false;
        // The data stays where it is: a second copy of up to 128 KiB a transaction buys nothing.
        ReadOnlyMemory<byte> memory = default;
        if (!data.IsEmpty && ((ReadOnlySpan<byte>)encoded).Overlaps(data, out int offset))
            memory = encoded.AsMemory(offset, data.Length);
        call = new CallFields(gasLimit, to, value, memory);
        return true;
    }

    private static bool TryReadHashes(ref RlpReader reader, out ImmutableArray<Hash256> hashes)
    {
        hashes = [];
        if (!reader.TryReadList(out RlpReader items))
            return false;
        ImmutableArray<Hash256>.Builder builder = ImmutableArray.CreateBuilder<Hash256>();
        while (!items.AtEnd)
        {
            if (!items.TryReadHash(out Hash256 hash))
                return false;
            builder.Add(hash);
        }
        hashes = builder.ToImmutable();
        return true;
    }

    private static bool IsList(ReadOnlySpan<byte> bytes)
    {
        RlpReader reader = new(bytes);
        return reader.TryReadList(out _) && reader.AtEnd;
    }

    private readonly record struct CallFields(ulong GasLimit, Address? To, UInt256 Value, ReadOnlyMemory<byte> Data);
}
