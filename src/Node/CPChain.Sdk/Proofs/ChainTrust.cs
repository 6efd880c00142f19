using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Sdk.Proofs;

/// <summary>
/// All that a client has to know to believe nobody else: which chain, and who validates from which block on. It comes from
/// the chain's operator or a genesis file, not from the node that is asked.
/// </summary>
public sealed class ChainTrust
{
    /// <exception cref="ArgumentException">They are not 3f+1 distinct addresses.</exception>
    public ChainTrust(ulong chainId, Hash256 genesisHash, IReadOnlyList<Address> validators, ulong fromBlock = 1)
    {
        if (validators.Count is 0 or > CommitteeSchedule.ValidatorsMax || validators.Count % 3 != 1
            || validators.Distinct().Count() != validators.Count)
            throw new ArgumentException("A validator set has 3f+1 distinct members.", nameof(validators));
        (ChainId, GenesisHash, Validators, FromBlock) = (chainId, genesisHash, [.. validators], fromBlock);
        Committee = new Committee(Validators.AsSpan());
    }

    public ulong ChainId { get; }

    public Hash256 GenesisHash { get; }

    /// <summary>The set in the order of its seats.</summary>
    public ImmutableArray<Address> Validators { get; }

    /// <summary>The first block that this set certifies; how long it does, each header says of the next.</summary>
    public ulong FromBlock { get; }

    internal Committee Committee { get; }

    internal ChainDomain Domain => new(GenesisHash, ChainId);

    /// <summary>From the genesis that the chain began with.</summary>
    public static ChainTrust Of(Genesis genesis, Hash256 genesisHash, ulong block = 1) => new(
        genesis.ChainId, genesisHash, genesis.Schedule.ValidatorsOf(block), genesis.Schedule.ValidatorsRun(block).From);

    /// <summary>
    /// Believes one node this once: chain, genesis and validators as it tells them now. Ask a node of your own, or compare
    /// what comes with what the operator publishes; from then on no node is believed.
    /// </summary>
    public static async Task<ChainTrust> PinAsync(ChainClient believed, CancellationToken cancel = default)
    {
        (ulong chainId, Hash256 genesisHash) = await believed.GetChainIdentityAsync(cancel).ConfigureAwait(false);
        IReadOnlyList<Address> validators = await believed.GetValidatorsAsync(1, cancel).ConfigureAwait(false);
        return new ChainTrust(chainId, genesisHash, validators);
    }

    /// <summary>
    /// The trust after a proven header: the same one while the set stays, else that in the next set, which the header's hash of it proves.
    /// </summary>
    /// <exception cref="ProofException">The addresses are not the set that the header names.</exception>
    public ChainTrust After(ProvenHeader header, IReadOnlyList<Address> nextValidators)
    {
        Address[] next = [.. nextValidators];
        if (header.Header.NextValidatorsHash == CommitteeSchedule.HashOf(Validators.AsSpan())) return this;
        return CommitteeSchedule.HashOf(next) == header.Header.NextValidatorsHash
            ? new ChainTrust(ChainId, GenesisHash, next, header.Number + 1)
            : throw new ProofException(ProofFault.WrongValidators, "the next validators are not those that the header names");
    }
}

/// <summary>A header whose certificate has been checked.</summary>
public sealed record ProvenHeader
{
    internal ProvenHeader(BlockHeader header) => Header = header;

    public BlockHeader Header { get; }

    public ulong Number => Header.Number;

    public Hash256 Hash => Header.Hash;

    public Hash256 StateRoot => Header.StateRoot;
}
