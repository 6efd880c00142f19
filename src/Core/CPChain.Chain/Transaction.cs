using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Chain;

/// <summary>
/// A signed transaction (rule C7): EIP-2718 types 0 (EIP-155 only), 1, 2 and 4. Immutable; its bytes, hash and sender
/// are worked out once. Equal when the hashes are.
/// </summary>
public sealed class Transaction : IEquatable<Transaction>
{
    private readonly UnsignedTransaction _content;
    private readonly byte[] _encoded;
    private volatile SenderFact? _sender;

    private Transaction(UnsignedTransaction content, Signature signature, byte[] encoded)
    {
        _content = content;
        Signature = signature;
        _encoded = encoded;
        Hash = Keccak256.Hash(encoded);
    }

    /// <summary>The fields that were signed.</summary>
    public UnsignedTransaction Content => _content;

    /// <inheritdoc cref="UnsignedTransaction.Type"/>
    public TxType Type => _content.Type;

    /// <inheritdoc cref="UnsignedTransaction.ChainId"/>
    public ulong ChainId => _content.ChainId;

    /// <inheritdoc cref="UnsignedTransaction.Nonce"/>
    public ulong Nonce => _content.Nonce;

    /// <summary>The gas price of types 0 and 1; the fee cap of types 2 and 4.</summary>
    public UInt256 GasPrice => _content.MaxFeePerGas;

    /// <inheritdoc cref="UnsignedTransaction.MaxFeePerGas"/>
    public UInt256 MaxFeePerGas => _content.MaxFeePerGas;

    /// <inheritdoc cref="UnsignedTransaction.MaxPriorityFeePerGas"/>
    public UInt256 MaxPriorityFeePerGas => _content.MaxPriorityFeePerGas;

    /// <inheritdoc cref="UnsignedTransaction.GasLimit"/>
    public ulong GasLimit => _content.GasLimit;

    /// <inheritdoc cref="UnsignedTransaction.To"/>
    public Address? To => _content.To;

    /// <inheritdoc cref="UnsignedTransaction.Value"/>
    public UInt256 Value => _content.Value;

    /// <inheritdoc cref="UnsignedTransaction.Data"/>
    public ReadOnlyMemory<byte> Data => _content.Data;

    /// <inheritdoc cref="UnsignedTransaction.AccessList"/>
    public ImmutableArray<AccessListEntry> AccessList => _content.AccessList;

    /// <inheritdoc cref="UnsignedTransaction.Authorizations"/>
    public ImmutableArray<Authorization> Authorizations => _content.Authorizations;

    /// <summary>The sender's signature over <see cref="UnsignedTransaction.SigningHash"/>.</summary>
    public Signature Signature { get; }

    /// <summary>Keccak-256 of the encoded envelope.</summary>
    public Hash256 Hash { get; }

    /// <summary>The envelope: an RLP list for type 0, type byte and RLP list for the others.</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded;

    /// <summary>A copy of <see cref="Encoded"/>.</summary>
    public byte[] Encode() => [.. _encoded];

    /// <summary>The account that signed, recovered once; false when the signature leads to no key.</summary>
    public bool TryRecoverSender(out Address sender)
    {
        SenderFact? fact = _sender;
        if (fact is null)
        {
            bool found = Secp256k1.TryRecoverAddress(_content.SigningHash(), Signature, out Address recovered);
            fact = new SenderFact(found, recovered);
            _sender = fact;
        }
        sender = fact.Sender;
        return fact.Found;
    }

    /// <summary>Recovers those senders that are not known yet, many at a time (<see cref="RecoveryBatch"/>).</summary>
    public static void RecoverSenders(ReadOnlySpan<Transaction> transactions)
    {
        List<Transaction> unknown = new(transactions.Length);
        foreach (Transaction transaction in transactions)
        {
            if (transaction._sender is null)
                unknown.Add(transaction);
        }
        if (unknown.Count == 0)
            return;
        var digests = new Hash256[unknown.Count];
        var signatures = new Signature[unknown.Count];
        for (int i = 0; i < digests.Length; i++)
        {
            digests[i] = unknown[i]._content.SigningHash();
            signatures[i] = unknown[i].Signature;
        }
        var senders = new Address?[unknown.Count];
        RecoveryBatch.Recover(digests, signatures, senders);
        for (int i = 0; i < senders.Length; i++)
            unknown[i]._sender = new SenderFact(senders[i] is not null, senders[i] ?? default);
    }

    /// <summary>Signs; the sender is then known without a recovery.</summary>
    public static Transaction Sign(UnsignedTransaction unsigned, PrivateKey key)
    {
        Signature signature = key.Sign(unsigned.SigningHash());
        return new Transaction(unsigned, signature, unsigned.EncodeWith(signature))
        {
            _sender = new SenderFact(true, key.Address),
        };
    }

    /// <summary>
    /// A transaction that nobody signed, as a simulation shows it. No decoder takes its bytes, so it goes nowhere.
    /// </summary>
    public static Transaction Unsigned(UnsignedTransaction content, in Address sender) =>
        new(content, default, content.EncodeWith(default)) { _sender = new SenderFact(true, sender) };

    /// <summary>Reads an envelope; a fault names why the bytes are none. Never throws, reads no more than
    /// <paramref name="bytesMax"/>.</summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> encoded,
        [NotNullWhen(true)] out Transaction? transaction,
        out TransactionFault fault,
        int bytesMax = 128 * 1024)
    {
        transaction = null;
        if (encoded.Length > bytesMax)
        {
            // Blobs travel with their transaction and make it large: why it is refused is that it has any.
            bool isBlob = encoded[0] == (byte)TxType.Blob;
            fault = isBlob ? TransactionFault.BlobsRefused : TransactionFault.TooLarge;
            return false;
        }
        byte[] owned = encoded.ToArray();
        fault = TransactionDecoder.Decode(owned, out UnsignedTransaction? content, out Signature signature);
        if (fault != TransactionFault.None || content is null)
            return false;
        transaction = new Transaction(content, signature, owned);
        return true;
    }

    /// <summary>
    /// The same for what other chains carry besides: legacy signatures that name no chain (then the chain id is 0) and blob
    /// transactions. For tools that read such chains; this chain's pool and blocks take neither.
    /// </summary>
    public static bool TryDecodeForeign(
        ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out Transaction? transaction, out TransactionFault fault)
    {
        transaction = null;
        byte[] owned = encoded.ToArray();
        fault = TransactionDecoder.Decode(owned, out UnsignedTransaction? content, out Signature signature, isForeign: true);
        if (fault != TransactionFault.None || content is null)
            return false;
        transaction = new Transaction(content, signature, owned);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(Transaction? other) => other is not null && Hash == other.Hash;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Transaction);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();

    /// <summary>Type and hash.</summary>
    public override string ToString() => $"{Type} {Hash}";

    private sealed record SenderFact(bool Found, Address Sender);
}
