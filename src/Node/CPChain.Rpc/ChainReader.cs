using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Lbft.Certificates;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc;

/// <summary>What the methods ask of the chain, by the selectors of the protocol.</summary>
internal sealed class ChainReader(IChainSource chain)
{
    private readonly RecentBlocks _recent = new(chain);

    public IChainSource Source => chain;

    public ChainRules Rules => chain.Rules;

    public BlockHeader Head => chain.Head;

    public IBlockForm Form => chain.Form;

    public Block? BlockOf(BlockSelector selector)
    {
        if (selector.Hash is not { } hash) return _recent.Block(selector.Number ?? Head.Number);
        return chain.NumberOf(hash) is { } number ? _recent.Block(number) : null;
    }

    public BlockHeader? HeaderOf(BlockSelector selector)
    {
        if (selector.Hash is not { } hash) return chain.HeaderByNumber(selector.Number ?? Head.Number);
        return chain.NumberOf(hash) is { } number ? chain.HeaderByNumber(number) : null;
    }

    public ImmutableArray<Receipt> ReceiptsOf(Block block) => _recent.Receipts(block.Header.Number);

    public (Block Block, int Index)? FindTransaction(Hash256 hash) =>
        chain.Locate(hash) is { } place && _recent.Block(place.Number) is { } block ? (block, place.Index) : null;

    /// <summary>The state after a block; the answer's fault says why there is none. To be disposed.</summary>
    public StateLease StateOf(BlockSelector selector)
    {
        if (selector.IsLatest) return HeadLease();
        if (HeaderOf(selector) is not { } header) return StateLease.Without(RpcFault.NoSuchBlock);
        if (header.Number == Head.Number) return HeadLease();
        return chain.StateAt(header.Number) is { } state
            ? new StateLease(state, header)
            : StateLease.Without(RpcFault.NoState(header.Number));
    }

    /// <summary>V(number) as far as the head settles it; null for numbers farther ahead.</summary>
    public ImmutableArray<Address>? ValidatorsOf(ulong number)
    {
        using StateLease lease = HeadLease();
        ulong head = lease.Header.Number;
        Hash256? setHash = number > 0 && number <= head + 1 ? chain.HeaderByNumber(number - 1)?.NextValidatorsHash : null;
        return Rules.Committees.ValidatorsOf(number, setHash, head, lease.State);
    }

    /// <summary>Whose number it is or was; null where the state before it is not kept or not there yet.</summary>
    public Turn? TurnOf(ulong number)
    {
        if (number == ulong.MaxValue) return null;
        if (Rules.Committees is FixedCommittees listed) return listed.TurnOf(number);
        if (number == 0 || number > Head.Number + 1) return null;
        using StateLease lease = StateOf(new BlockSelector(number - 1, null, false));
        return lease.Fault is null ? Rules.Committees.TurnOf(number, lease.State) : null;
    }

    /// <summary>Who shares the numbers of a term: the committee by seat, or the list that takes turns; empty where it is not known.</summary>
    public ImmutableArray<Address> ProposersOf(ulong number)
    {
        if (Rules.Committees is FixedCommittees listed) return listed.Schedule.ProposersOf(number);
        if (Rules.Elections is not { } elections) return [];
        using StateLease lease = HeadLease();
        return elections.CommitteeOf(elections.Dpor.Parameters.Terms.TermOf(number), lease.Header.Number, lease.State) is { } committee
            ? [.. committee.Seats.Select(static seat => seat.Account)] : [];
    }

    /// <summary>Whose number it is if nothing before it is impeached; null where its committee is not known.</summary>
    public Address? ScheduledAt(ulong number)
    {
        if (TurnOf(number) is { } turn) return turn.Proposer;
        ImmutableArray<Address> committee = ProposersOf(number);
        return committee.IsEmpty || number == 0 || Rules.Elections is not { } elections
            ? null : committee[elections.Dpor.Parameters.Terms.SeatOf(number)];
    }

    public CertificateFacts? CertificateOf(Block block)
    {
        if (chain.CertificateOf(block.Header.Number) is not { } bytes
            || !CertificateCodec.TryDecode(bytes, out Certificate? certificate, out _)) return null;
        ImmutableArray<Address> validators = ValidatorsOf(block.Header.Number) ?? [];
        ImmutableArray<Address>.Builder signers = ImmutableArray.CreateBuilder<Address>();
        for (int seat = 0; seat < validators.Length; seat++)
            if (certificate.Signers.Contains(new Lbft.Values.Seat(seat))) signers.Add(validators[seat]);
        return new CertificateFacts(certificate.Round, signers.ToImmutable(), bytes.Length);
    }

    private StateLease HeadLease()
    {
        KeptState state = chain.HeadState;
        // The head may have moved since; the header that goes with the state is the one of its number.
        return chain.HeaderByNumber(state.Number) is { } header
            ? new StateLease(state, header)
            : StateLease.Without(RpcFault.NoSuchBlock);
    }
}

/// <summary>Who made a block final, in which round.</summary>
internal sealed record CertificateFacts(int Round, ImmutableArray<Address> Signers, int Bytes);

/// <summary>A state while one request reads it.</summary>
internal sealed class StateLease : IDisposable
{
    private readonly KeptState? _state;
    private readonly BlockHeader? _header;

    public StateLease(KeptState state, BlockHeader header) => (_state, _header) = (state, header);

    private StateLease(RpcFault fault) => Fault = fault;

    /// <summary>Why there is no state; null when there is one.</summary>
    public RpcFault? Fault { get; }

    public IStateView State => Kept.View;

    /// <summary>Whether the trie is there, or could be worked out now, which takes a while.</summary>
    public bool TryMakeTrie() => Kept.HasTrie || Kept.MakeTrie?.Invoke() == true;

    public BlockHeader Header => _header ?? throw new InvalidOperationException("There is no state.");

    private KeptState Kept => _state ?? throw new InvalidOperationException("There is no state.");

    public static StateLease Without(RpcFault fault) => new(fault);

    public void Dispose() => _state?.Held?.Dispose();
}
