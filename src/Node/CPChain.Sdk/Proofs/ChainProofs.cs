using System.Diagnostics.CodeAnalysis;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Votes;
using CPChain.Trie;
using CPChain.Trie.Proofs;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Sdk.Proofs;

/// <summary>
/// Checks of what nodes say, on bytes at hand: a header by its certificate, an account, slot, transaction or receipt by the
/// header's roots. Nothing is asked of anybody, nothing throws on what comes from outside.
/// </summary>
public static class ChainProofs
{
    /// <summary>
    /// Believes a header when 2f+1 of the trusted validators have committed to it (L4). The genesis header is believed when it is the trusted one.
    /// </summary>
    public static ProofFault TryProveHeader(
        ChainTrust trust, ReadOnlySpan<byte> header, ReadOnlySpan<byte> certificate, [NotNullWhen(true)] out ProvenHeader? proven)
    {
        proven = null;
        if (!BlockHeader.TryDecode(header, out BlockHeader? read, out _)) return ProofFault.Malformed;
        if (read.Number == 0)
        {
            if (read.Hash != trust.GenesisHash) return ProofFault.WrongHeader;
            proven = new ProvenHeader(read);
            return ProofFault.None;
        }
        if (read.Number < trust.FromBlock) return ProofFault.WrongValidators;
        if (!CertificateCodec.TryDecode(certificate, out Certificate? signed, out _)) return ProofFault.Malformed;
        if (signed.Class != VoteClass.Commit || signed.Height.Value != read.Number || signed.Hash != read.Hash)
            return ProofFault.WrongHeader;
        CertificateFault fault = CertificateVerifier.Verify(
            signed, trust.Committee, trust.Domain, read.IsImpeach ? read.Hash : null);
        if (fault != CertificateFault.None) return ProofFault.NotCertified;
        proven = new ProvenHeader(read);
        return ProofFault.None;
    }

    /// <summary>The account under a state root; an empty one when the proof shows that there is none.</summary>
    public static ProofFault TryProveAccount(
        in Hash256 stateRoot, in Address address, IReadOnlyList<ReadOnlyMemory<byte>> proof, out Account account)
    {
        account = Account.Empty;
        byte[] key = StateTrieKeys.OfAddress(address).ToArray();
        return TrieProof.Verify(stateRoot, key, proof, out ReadOnlyMemory<byte> value) switch
        {
            ProofVerdict.Absent => ProofFault.None,
            ProofVerdict.Present => Account.TryDecode(value.Span, out account) ? ProofFault.None : ProofFault.Malformed,
            _ => ProofFault.NotProven,
        };
    }

    /// <summary>The value of a slot under an account's storage root; zero when the proof shows that there is none.</summary>
    public static ProofFault TryProveSlot(
        in Hash256 storageRoot, in UInt256 slot, IReadOnlyList<ReadOnlyMemory<byte>> proof, out UInt256 value)
    {
        value = UInt256.Zero;
        byte[] key = StateTrieKeys.OfSlot(slot).ToArray();
        switch (TrieProof.Verify(storageRoot, key, proof, out ReadOnlyMemory<byte> encoded))
        {
            case ProofVerdict.Absent:
                return ProofFault.None;
            case ProofVerdict.Present:
                RlpReader reader = new(encoded.Span);
                return reader.TryReadUInt256(out value) && reader.AtEnd ? ProofFault.None : ProofFault.Malformed;
            default:
                return ProofFault.NotProven;
        }
    }

    /// <summary>The transaction at an index of a block.</summary>
    public static ProofFault TryProveTransaction(
        ProvenHeader header, ulong index, IReadOnlyList<ReadOnlyMemory<byte>> proof, [NotNullWhen(true)] out Transaction? transaction)
    {
        transaction = null;
        if (TrieProof.Verify(header.Header.TransactionsRoot, KeyOf(index), proof, out ReadOnlyMemory<byte> value) != ProofVerdict.Present)
            return ProofFault.NotProven;
        return Transaction.TryDecode(value.Span, out transaction, out _) ? ProofFault.None : ProofFault.Malformed;
    }

    /// <summary>What the transaction at an index of a block did.</summary>
    public static ProofFault TryProveReceipt(
        ProvenHeader header, ulong index, IReadOnlyList<ReadOnlyMemory<byte>> proof, [NotNullWhen(true)] out ProvenReceipt? receipt)
    {
        receipt = null;
        if (TrieProof.Verify(header.Header.ReceiptsRoot, KeyOf(index), proof, out ReadOnlyMemory<byte> value) != ProofVerdict.Present)
            return ProofFault.NotProven;
        return ProvenReceipt.TryDecode(value.Span, out receipt) ? ProofFault.None : ProofFault.Malformed;
    }

    /// <summary>Whether bytes are the code of an account.</summary>
    public static bool IsCodeOf(in Account account, ReadOnlySpan<byte> code) => Keccak256.Hash(code) == account.CodeHash;

    private static byte[] KeyOf(ulong index)
    {
        RlpWriter writer = new(16);
        writer.WriteUlong(index);
        return writer.ToArray();
    }
}
