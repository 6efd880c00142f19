using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Execution;
using CPChain.Ledger;
using CPChain.Rpc.Tests.Chain;
using CPChain.Sdk;
using CPChain.Sdk.Abi;
using CPChain.Sdk.Contracts;
using CPChain.Types;
using CallRequest = CPChain.Execution.CallRequest;

namespace CPChain.Rpc.Tests.Contracts;

/// <summary>What a transaction to a contract did; the reason is the contract's error when it failed.</summary>
internal sealed record Done(bool Success, string Reason, ulong GasUsed, IReadOnlyList<ContractEvent> Events)
{
    public ContractEvent Event(string name) => Events.Single(e => e.Event.Name == name);
}

/// <summary>
/// The system contracts on a real chain, one transaction a block: a seller with eight anchored blocks, a buyer, three staked
/// proxies and a stranger.
/// </summary>
internal sealed class MarketWorld : IAsyncDisposable
{
    public const uint WindowSeconds = 600;
    public const ulong CipherBytes = 5_000;
    public static readonly UInt256 Price = Units.Cpc * 30UL;
    public static readonly UInt256 Fee = Units.Cpc;
    public static readonly Hash256 StreamId = Keccak256.Hash([1]);
    public static readonly Hash256 TermsHash = Keccak256.Hash([2]);
    public static readonly byte[] BuyerKey = InstantChain.Key(77).PublicKey.ToCompressed();

    private readonly Contract _registry;
    private readonly Contract _market;

    public MarketWorld()
    {
        // The contracts are reached without RPC here; the client only carries the ABI's names.
        ChainClient nowhere = new(new Uri("http://localhost:1"));
        _registry = new DataRegistryContract(nowhere).Contract;
        _market = new MarketContract(nowhere).Contract;
    }

    public InstantChain Chain { get; } = new();

    public static PrivateKey Seller => InstantChain.Rich[0];

    public static PrivateKey Buyer => InstantChain.Rich[1];

    public static PrivateKey[] Proxies { get; } = [InstantChain.Rich[2], InstantChain.Rich[3], InstantChain.Rich[4]];

    public static PrivateKey Stranger => InstantChain.Rich[5];

    public static MarketTerms Terms { get; } = new()
    {
        StreamId = StreamId,
        FirstSeq = 0,
        LastSeq = 7,
        FirstInterval = 0,
        LastInterval = 1,
        TermsHash = TermsHash,
        Price = Price,
        ProxyFee = Fee,
        Threshold = 2,
        GrantWithinSeconds = WindowSeconds,
        DeliverWithinSeconds = WindowSeconds,
        AcceptWithinSeconds = WindowSeconds,
    };

    /// <summary>A world with the stream anchored, the proxies staked and listing 1 open.</summary>
    public static MarketWorld Ready()
    {
        MarketWorld world = new();
        world.Registry(Seller, "register", StreamId, Hash256.Zero);
        world.Registry(Seller, "anchor", StreamId, 0UL, 8U, Keccak256.Hash([3]), CipherBytes);
        foreach (PrivateKey proxy in Proxies) Assert.True(world.Stake(proxy).Success);
        Done listed = world.List(Terms, Proxies);
        Assert.True(listed.Success, listed.Reason);
        return world;
    }

    public Done Registry(PrivateKey who, string function, params object[] arguments) => Run(_registry, who, function, default, arguments);

    public Done Market(PrivateKey who, string function, params object[] arguments) => Run(_market, who, function, default, arguments);

    public Done Pay(PrivateKey who, UInt256 value, string function, params object[] arguments) => Run(_market, who, function, value, arguments);

    public Done Stake(PrivateKey who) => Pay(who, MarketContract.MinStake, "registerProxy", who.PublicKey.ToCompressed(), "127.0.0.1:9000");

    public Done List(MarketTerms terms, IEnumerable<PrivateKey> proxies, PrivateKey? seller = null) =>
        Market(seller ?? Seller, "list", Tuple(terms), proxies.Select(p => (object)p.Address).ToArray());

    /// <summary>An order of listing 1, brought into a state by the parties' own acts; Refunded by the passing of time.</summary>
    public ulong OrderIn(OrderState state)
    {
        Done ordered = Pay(Buyer, Price + Fee * 3UL, "order", 1UL, TermsHash, BuyerKey);
        Assert.True(ordered.Success, ordered.Reason);
        ulong id = (ulong)ordered.Event("Ordered").Value<UInt256>("orderId");
        if (state == OrderState.Locked) return id;
        if (state == OrderState.Cancelled) return After(id, Market(Buyer, "cancel", id, Hash256.Zero));
        if (state == OrderState.Refunded)
        {
            Late();
            return After(id, Market(Stranger, "expire", id));
        }
        After(id, Market(Seller, "grant", id, Keccak256.Hash([4])));
        if (state == OrderState.Granted) return id;
        foreach (PrivateKey proxy in Proxies[..2]) After(id, Deliver(proxy, id));
        if (state == OrderState.Settled) After(id, Market(Buyer, "accept", id));
        return id;
    }

    public Done Deliver(PrivateKey proxy, ulong id, ulong bytes = 3_000) => Market(proxy, "deliver", id, Keccak256.Hash([5]), bytes);

    /// <summary>Lets every deadline pass.</summary>
    public void Late()
    {
        Chain.MoveTime(TimeSpan.FromSeconds(WindowSeconds + 2));
        Chain.SealExactly();
    }

    public OrderState StateOf(ulong id) => (OrderState)(int)(UInt256)((object[])View("orderOf", id)[0])[1];

    public UInt256 Owed(PrivateKey who) => (UInt256)View("owed", who.Address)[0];

    public UInt256 Balance(Address address) => Chain.Ledger.HeadState.TryGetAccount(address, out Account a) ? a.Balance : default;

    public MarketSums Sums()
    {
        object[] s = View("sums");
        return new MarketSums((UInt256)s[0], (UInt256)s[1], (UInt256)s[2], (UInt256)s[3]);
    }

    /// <summary>The rule of conservation, exactly: nobody forced coins upon the market in these tests.</summary>
    public void AssertConserved()
    {
        MarketSums sums = Sums();
        Assert.Equal(sums.Balance, sums.Escrow + sums.Owed + sums.Stakes);
    }

    public object[] View(string function, params object[] arguments) => ViewOf(_market, function, arguments);

    /// <summary>The contract's error if the act came in the next block, which is not made; empty when it would pass.</summary>
    public string Peek(PrivateKey who, string function, params object[] arguments)
    {
        BlockHeader next = Chain.Ledger.Head with { Number = Chain.Ledger.Head.Number + 1, TimestampMs = Chain.NextMs };
        CallOutcome outcome = CallSimulator.Call(Chain.Ledger.HeadState, next,
            new CallRequest { From = who.Address, To = _market.Address, Data = _market.Abi.Function(function).EncodeCall(arguments) },
            Chain.Ledger.Rules);
        return outcome.IsSuccess ? "" : _market.ReasonOf(outcome.Output.Span);
    }

    public object[] RegistryView(string function, params object[] arguments) => ViewOf(_registry, function, arguments);

    /// <summary>Sends a transaction of any kind.</summary>
    public (Block Block, Receipt Receipt) Send(PrivateKey who, Address? to, byte[] data, UInt256 value = default)
    {
        ulong nonce = Chain.Ledger.HeadState.TryGetAccount(who.Address, out Account account) ? account.Nonce : 0;
        Transaction transaction = Transaction.Sign(
            UnsignedTransaction.FeeMarket(InstantChain.ChainId, nonce, Units.Gwei * 10UL, Units.Gwei, 2_000_000)
                with
            { To = to, Data = data, Value = value }, who);
        Block block = Chain.SealExactly(transaction);
        return (block, Chain.Ledger.ReceiptsOf(block.Header.Number)[0]);
    }

    public async ValueTask DisposeAsync() => await Chain.DisposeAsync();

    public static object[] Tuple(MarketTerms t) =>
    [
        t.StreamId, t.FirstSeq, t.LastSeq, t.FirstInterval, t.LastInterval, t.TermsHash, t.VerifierHash, t.Price, t.ProxyFee,
        t.Threshold, t.GrantWithinSeconds, t.DeliverWithinSeconds, t.AcceptWithinSeconds,
    ];

    private static ulong After(ulong id, Done done)
    {
        Assert.True(done.Success, done.Reason);
        return id;
    }

    private object[] ViewOf(Contract contract, string function, object[] arguments)
    {
        AbiFunction abi = contract.Abi.Function(function);
        CallOutcome outcome = CallSimulator.Call(Chain.Ledger.HeadState, Chain.Ledger.Head,
            new CallRequest { To = contract.Address, Data = abi.EncodeCall(arguments) }, Chain.Ledger.Rules);
        Assert.True(outcome.IsSuccess, contract.ReasonOf(outcome.Output.Span));
        Assert.True(abi.TryDecodeOutput(outcome.Output.Span, out object[] values));
        return values;
    }

    private Done Run(Contract contract, PrivateKey who, string function, UInt256 value, object[] arguments)
    {
        byte[] data = contract.Abi.Function(function).EncodeCall(arguments);
        (Block block, Receipt receipt) = Send(who, contract.Address, data, value);
        ContractEvent[] events = [.. receipt.Logs.Where(l => l.Address == contract.Address).Select(l => Decode(contract, l))];
        return new Done(receipt.Success, receipt.Success ? "" : ReasonOf(contract, block, who, data, value), receipt.GasUsed, events);
    }

    private static ContractEvent Decode(Contract contract, LogEntry log)
    {
        AbiEvent found = contract.Abi.EventByTopic(log.Topics[0])!;
        Assert.True(found.TryDecode(log.Topics, log.Data.Span, out object[] values));
        return new ContractEvent(found, values, new LogInfo(log.Address, log.Topics, log.Data.ToArray(), 0, default, 0));
    }

    private string ReasonOf(Contract contract, Block block, PrivateKey who, byte[] data, UInt256 value)
    {
        using LedgerState before = Chain.Ledger.StateAt(block.Header.Number - 1)!;
        CallOutcome outcome = CallSimulator.Call(before, block.Header,
            new CallRequest { From = who.Address, To = contract.Address, Data = data, Value = value }, Chain.Ledger.Rules);
        return contract.ReasonOf(outcome.Output.Span);
    }
}
