using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Sdk.Proofs;

/// <summary>An account at a block, proven, with slots that were asked for.</summary>
public sealed record ProvenAccount(ProvenHeader Header, Address Address, Account Account, IReadOnlyDictionary<UInt256, UInt256> Slots);

/// <summary>A transaction in a block, proven, with what it did.</summary>
public sealed record ProvenTransaction(ProvenHeader Header, ulong Index, Transaction Transaction, ProvenReceipt Receipt);

/// <summary>
/// Asks a node and believes nothing that it cannot prove to somebody who trusts the validators' keys only. What it cannot
/// rule out is an old answer: compare <see cref="BlockHeader.TimestampMs"/> with the time, or ask for a block from a number on.
/// </summary>
public sealed class VerifyingClient(ChainClient client, ChainTrust trust)
{
    // Proofs are of the newest block, which may move between the two questions.
    private const int TriesMax = 8;

    private ChainTrust _trust = trust;

    /// <summary>What is trusted now; keep it to go on later from there.</summary>
    public ChainTrust Trust => Volatile.Read(ref _trust);

    /// <summary>A header, checked by its certificate.</summary>
    /// <exception cref="ProofException">It is not certified by the trusted validators.</exception>
    public async Task<ProvenHeader> GetHeaderAsync(BlockTag block = default, CancellationToken cancel = default)
    {
        HeaderInfo info = await client.GetHeaderAsync(block, cancel).ConfigureAwait(false)
            ?? throw new BadAnswerException("cpc_getHeader", "there is no such block");
        ProofFault fault = ChainProofs.TryProveHeader(Trust, info.Header, info.Certificate, out ProvenHeader? header);
        if (fault != ProofFault.None) throw new ProofException(fault, $"the header of {block} is {Words(fault)}");
        if (block.Number is { } wanted && header!.Number != wanted)
            throw new ProofException(ProofFault.WrongHeader, $"block {header.Number} came for block {wanted}");
        return header!;
    }

    /// <summary>
    /// Follows changes of the validator set through the proven headers up to a block: call it with the last block of each
    /// set that the genesis names, or step by step where nothing is known.
    /// </summary>
    /// <exception cref="ProofException">A header or set is not proven.</exception>
    public async Task<ChainTrust> AdvanceAsync(ulong block, CancellationToken cancel = default)
    {
        HeaderInfo info = await client.GetHeaderAsync(block, cancel).ConfigureAwait(false)
            ?? throw new BadAnswerException("cpc_getHeader", "there is no such block");
        ProofFault fault = ChainProofs.TryProveHeader(Trust, info.Header, info.Certificate, out ProvenHeader? header);
        if (fault != ProofFault.None) throw new ProofException(fault, $"the header of block {block} is {Words(fault)}");
        if (header!.Number != block) throw new ProofException(ProofFault.WrongHeader, $"block {header.Number} came for block {block}");
        ChainTrust next = Trust.After(header, info.NextValidators);
        Volatile.Write(ref _trust, next);
        return next;
    }

    /// <summary>An account, and slots of its storage, at the newest block.</summary>
    /// <exception cref="ProofException">The node did not prove it.</exception>
    public async Task<ProvenAccount> GetAccountAsync(
        Address address, IReadOnlyList<UInt256>? slots = null, CancellationToken cancel = default)
    {
        for (int tries = 1; ; tries++)
        {
            AccountProofInfo proof = await client.GetProofAsync(address, slots ?? [], BlockTag.Latest, cancel).ConfigureAwait(false);
            ProvenHeader header = await GetHeaderAsync(BlockTag.Latest, cancel).ConfigureAwait(false);
            ProofFault fault = ChainProofs.TryProveAccount(header.StateRoot, address, proof.Proof, out Account account);
            if (fault == ProofFault.None) return Checked(header, address, account, proof, slots ?? []);
            if (fault != ProofFault.NotProven || tries == TriesMax) throw new ProofException(fault, $"the account {address} is {Words(fault)}");
            // The block may have moved on between the answers: the header before says whether it was so.
            if (header.Number > 1)
            {
                ProvenHeader before = await GetHeaderAsync(header.Number - 1, cancel).ConfigureAwait(false);
                if (ChainProofs.TryProveAccount(before.StateRoot, address, proof.Proof, out account) == ProofFault.None)
                    return Checked(before, address, account, proof, slots ?? []);
            }
        }
    }

    /// <summary>A contract's code at the newest block.</summary>
    /// <exception cref="ProofException">The node did not prove it.</exception>
    public async Task<byte[]> GetCodeAsync(Address address, CancellationToken cancel = default)
    {
        ProvenAccount proven = await GetAccountAsync(address, null, cancel).ConfigureAwait(false);
        byte[] code = await client.GetCodeAsync(address, BlockTag.Latest, cancel).ConfigureAwait(false);
        return ChainProofs.IsCodeOf(proven.Account, code)
            ? code
            : throw new ProofException(ProofFault.Contradiction, $"the code of {address} has another hash");
    }

    /// <summary>A transaction with its receipt, or null when the node knows none; that it has none it cannot prove.</summary>
    /// <exception cref="ProofException">The node did not prove it.</exception>
    public async Task<ProvenTransaction?> GetTransactionAsync(Hash256 hash, CancellationToken cancel = default)
    {
        TransactionProofInfo? info = await client.GetTransactionProofAsync(hash, cancel).ConfigureAwait(false);
        if (info is null) return null;
        ProvenHeader header = await GetHeaderAsync(info.BlockNumber, cancel).ConfigureAwait(false);
        ProofFault fault = ChainProofs.TryProveTransaction(header, info.Index, info.Transaction, out Transaction? transaction);
        if (fault != ProofFault.None) throw new ProofException(fault, $"the transaction {hash} is {Words(fault)}");
        if (transaction!.Hash != hash) throw new ProofException(ProofFault.Contradiction, $"another transaction came for {hash}");
        fault = ChainProofs.TryProveReceipt(header, info.Index, info.Receipt, out ProvenReceipt? receipt);
        return fault == ProofFault.None
            ? new ProvenTransaction(header, info.Index, transaction, receipt!)
            : throw new ProofException(fault, $"the receipt of {hash} is {Words(fault)}");
    }

    internal static ProvenAccount Checked(
        ProvenHeader header, Address address, Account account, AccountProofInfo said, IReadOnlyList<UInt256> slots)
    {
        if (said.Account != account) throw new ProofException(ProofFault.Contradiction, $"the account {address} is not as the node says");
        if (said.Slots.Count != slots.Count) throw new ProofException(ProofFault.Contradiction, "other slots came than were asked for");
        Dictionary<UInt256, UInt256> values = [];
        for (int i = 0; i < slots.Count; i++)
        {
            ProofFault fault = ChainProofs.TryProveSlot(account.StorageRoot, slots[i], said.Slots[i].Proof, out UInt256 value);
            if (fault != ProofFault.None) throw new ProofException(fault, $"the slot {slots[i]} of {address} is {Words(fault)}");
            if (said.Slots[i].Value != value || said.Slots[i].Slot != slots[i])
                throw new ProofException(ProofFault.Contradiction, $"the slot {slots[i]} of {address} is not as the node says");
            values[slots[i]] = value;
        }
        return new ProvenAccount(header, address, account, values);
    }

    internal static string Words(ProofFault fault) => fault switch
    {
        ProofFault.Malformed => "malformed",
        ProofFault.WrongHeader => "another one than was asked for",
        ProofFault.NotCertified => "not certified by the trusted validators",
        ProofFault.WrongValidators => "older than the trusted validators",
        _ => "not proven by what came with it",
    };
}
