using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Ledger;
using CPChain.Lbft.Certificates;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc;

/// <summary>What the methods ask of the ledger, by the selectors of the protocol.</summary>
internal sealed class ChainReader(ChainLedger ledger)
{
    private readonly RecentBlocks _recent = new(ledger);

    public ChainLedger Ledger => ledger;

    public ChainRules Rules => ledger.Rules;

    public BlockHeader Head => ledger.Head;

    public Block? BlockOf(BlockSelector selector)
    {
        if (selector.Hash is not { } hash) return _recent.Block(selector.Number ?? Head.Number);
        return ledger.NumberOf(hash) is { } number ? _recent.Block(number) : null;
    }

    public BlockHeader? HeaderOf(BlockSelector selector)
    {
        if (selector.Hash is not { } hash) return ledger.HeaderByNumber(selector.Number ?? Head.Number);
        return ledger.NumberOf(hash) is { } number ? ledger.HeaderByNumber(number) : null;
    }

    public ImmutableArray<Receipt> ReceiptsOf(Block block) => _recent.Receipts(block.Header.Number);

    public (Block Block, int Index)? FindTransaction(Hash256 hash) =>
        ledger.Locate(hash) is { } place && _recent.Block(place.Number) is { } block ? (block, place.Index) : null;

    /// <summary>The state after a block; the answer's fault says why there is none. To be disposed.</summary>
    public StateLease StateOf(BlockSelector selector)
    {
        if (selector.IsLatest) return HeadLease();
        if (HeaderOf(selector) is not { } header) return StateLease.Without(RpcFault.NoSuchBlock);
        if (header.Number == Head.Number) return HeadLease();
        return ledger.StateAt(header.Number) is { } state
            ? new StateLease(state, header, isOwned: true)
            : StateLease.Without(RpcFault.NoState(header.Number));
    }

    public CertificateFacts? CertificateOf(Block block)
    {
        if (ledger.CertificateOf(block.Header.Number) is not { } bytes
            || !CertificateCodec.TryDecode(bytes, out Certificate? certificate, out _)) return null;
        ImmutableArray<Address> validators = Rules.Schedule.ValidatorsOf(block.Header.Number);
        ImmutableArray<Address>.Builder signers = ImmutableArray.CreateBuilder<Address>();
        for (int seat = 0; seat < validators.Length; seat++)
            if (certificate.Signers.Contains(new Lbft.Values.Seat(seat))) signers.Add(validators[seat]);
        return new CertificateFacts(certificate.Round, signers.ToImmutable(), bytes.Length);
    }

    private StateLease HeadLease()
    {
        LedgerState state = ledger.HeadState;
        // The head may have moved since; the header that goes with the state is the one of its number.
        return ledger.HeaderByNumber(state.Number) is { } header
            ? new StateLease(state, header, isOwned: false)
            : StateLease.Without(RpcFault.NoSuchBlock);
    }
}

/// <summary>Who made a block final, in which round.</summary>
internal sealed record CertificateFacts(int Round, ImmutableArray<Address> Signers, int Bytes);

/// <summary>A state while one request reads it.</summary>
internal sealed class StateLease : IDisposable
{
    private readonly LedgerState? _state;
    private readonly BlockHeader? _header;
    private readonly bool _isOwned;

    public StateLease(LedgerState state, BlockHeader header, bool isOwned) => (_state, _header, _isOwned) = (state, header, isOwned);

    private StateLease(RpcFault fault) => Fault = fault;

    /// <summary>Why there is no state; null when there is one.</summary>
    public RpcFault? Fault { get; }

    public LedgerState State => _state ?? throw new InvalidOperationException("There is no state.");

    public BlockHeader Header => _header ?? throw new InvalidOperationException("There is no state.");

    public static StateLease Without(RpcFault fault) => new(fault);

    public void Dispose()
    {
        if (_isOwned) _state?.Dispose();
    }
}
