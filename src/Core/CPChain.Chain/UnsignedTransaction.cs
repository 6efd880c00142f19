using System.Collections.Immutable;
using CPChain.Crypto;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Chain;

/// <summary>What a sender asks for, before it is signed. Fees are per gas, in base units.</summary>
public sealed record UnsignedTransaction
{
    /// <summary>The envelope.</summary>
    public required TxType Type { get; init; }

    /// <summary>The only chain it is good for.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>How many transactions the sender made before.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>The most the sender pays; the gas price in types 0 and 1.</summary>
    public required UInt256 MaxFeePerGas { get; init; }

    /// <summary>The most that may go on top of the base fee; equal to the gas price in types 0 and 1.</summary>
    public required UInt256 MaxPriorityFeePerGas { get; init; }

    /// <summary>Gas bought.</summary>
    public required ulong GasLimit { get; init; }

    /// <summary>Who is called; null creates a contract.</summary>
    public Address? To { get; init; }

    /// <summary>Base units sent along.</summary>
    public UInt256 Value { get; init; }

    /// <summary>Call data or init code.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Announced accounts and slots; empty in type 0.</summary>
    public ImmutableArray<AccessListEntry> AccessList { get; init; } = [];

    /// <summary>Code settings; only in type 4.</summary>
    public ImmutableArray<Authorization> Authorizations { get; init; } = [];

    /// <summary>The most the sender pays per gas of blobs; only in type 3.</summary>
    public UInt256 MaxFeePerBlobGas { get; init; }

    /// <summary>Versioned hashes of the blobs (EIP-4844); only in type 3, which this chain's decoder refuses.</summary>
    public ImmutableArray<Hash256> BlobHashes { get; init; } = [];

    /// <summary>A type 2 transaction.</summary>
    public static UnsignedTransaction FeeMarket(
        ulong chainId, ulong nonce, in UInt256 maxFeePerGas, in UInt256 maxPriorityFeePerGas, ulong gasLimit) => new()
        {
            Type = TxType.FeeMarket,
            ChainId = chainId,
            Nonce = nonce,
            MaxFeePerGas = maxFeePerGas,
            MaxPriorityFeePerGas = maxPriorityFeePerGas,
            GasLimit = gasLimit,
        };

    /// <summary>A type 0 transaction, bound to its chain by EIP-155.</summary>
    public static UnsignedTransaction Legacy(ulong chainId, ulong nonce, in UInt256 gasPrice, ulong gasLimit) => new()
    {
        Type = TxType.Legacy,
        ChainId = chainId,
        Nonce = nonce,
        MaxFeePerGas = gasPrice,
        MaxPriorityFeePerGas = gasPrice,
        GasLimit = gasLimit,
    };

    /// <summary>The digest that the sender signs (EIP-155, EIP-2718).</summary>
    public Hash256 SigningHash()
    {
        RlpWriter writer = new();
        writer.BeginList();
        WriteFields(writer);
        if (Type == TxType.Legacy && ChainId != 0)
        {
            writer.WriteUlong(ChainId);
            writer.WriteUlong(0);
            writer.WriteUlong(0);
        }
        writer.EndList();
        return Type == TxType.Legacy
            ? Keccak256.Hash(writer.WrittenSpan)
            : Keccak256.Hash([(byte)Type], writer.WrittenSpan);
    }

    /// <summary>The envelope under a signature, which is not checked.</summary>
    public byte[] EncodeWith(in Signature signature)
    {
        RlpWriter writer = new();
        writer.BeginList();
        WriteFields(writer);
        writer.WriteUInt256(SignatureMark(signature));
        writer.WriteUInt256(signature.R);
        writer.WriteUInt256(signature.S);
        writer.EndList();
        return Type == TxType.Legacy ? writer.ToArray() : [(byte)Type, .. writer.WrittenSpan];
    }

    /// <summary>The v of an envelope: the parity, in type 0 joined with the chain id (EIP-155) unless that is 0.</summary>
    public UInt256 SignatureMark(in Signature signature) => (Type, ChainId) switch
    {
        (not TxType.Legacy, _) => new UInt256(signature.V),
        (_, 0) => new UInt256(27UL) + (ulong)signature.V,
        _ => new UInt256(ChainId) * 2UL + 35UL + (ulong)signature.V,
    };

    private void WriteFields(RlpWriter writer)
    {
        if (Type != TxType.Legacy)
            writer.WriteUlong(ChainId);
        writer.WriteUlong(Nonce);
        if (Type is TxType.FeeMarket or TxType.Blob or TxType.SetCode)
            writer.WriteUInt256(MaxPriorityFeePerGas);
        writer.WriteUInt256(MaxFeePerGas);
        writer.WriteUlong(GasLimit);
        writer.WriteAddressOrEmpty(To);
        writer.WriteUInt256(Value);
        writer.WriteBytes(Data.Span);
        if (Type != TxType.Legacy)
            AccessListEntry.WriteList(writer, AccessList);
        if (Type == TxType.SetCode)
            Authorization.WriteList(writer, Authorizations);
        if (Type == TxType.Blob)
        {
            writer.WriteUInt256(MaxFeePerBlobGas);
            writer.BeginList();
            foreach (Hash256 hash in BlobHashes)
                writer.WriteHash(hash);
            writer.EndList();
        }
    }
}
