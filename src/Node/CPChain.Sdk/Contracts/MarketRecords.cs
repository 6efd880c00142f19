using CPChain.Sdk.Contracts.Generated;
using CPChain.Types;

namespace CPChain.Sdk.Contracts;

/// <summary>The states of an order in the market; the numbers are the contract's.</summary>
public enum OrderState { None, Locked, Granted, Delivered, Settled, Cancelled, Refunded }

/// <summary>
/// What is offered: blocks <see cref="FirstSeq"/> to <see cref="LastSeq"/> of a stream, opened by the keys of the intervals
/// <see cref="FirstInterval"/> to <see cref="LastInterval"/>. Price and fee per proxy in base units; windows in seconds.
/// </summary>
public sealed record MarketTerms
{
    public required Hash256 StreamId { get; init; }

    public required ulong FirstSeq { get; init; }

    public required ulong LastSeq { get; init; }

    public required ulong FirstInterval { get; init; }

    public required ulong LastInterval { get; init; }

    /// <summary>Hash of the terms that buyer and seller have outside the chain.</summary>
    public required Hash256 TermsHash { get; init; }

    /// <summary>Hash of the values that a grant of this listing is verified against; zero when there are none.</summary>
    public Hash256 VerifierHash { get; init; }

    public required UInt256 Price { get; init; }

    public required UInt256 ProxyFee { get; init; }

    /// <summary>Receipts of so many proxies make an order delivered.</summary>
    public required byte Threshold { get; init; }

    public uint GrantWithinSeconds { get; init; } = 3_600;

    public uint DeliverWithinSeconds { get; init; } = 3_600;

    public uint AcceptWithinSeconds { get; init; } = 3_600;

    internal Market.Terms ToContract() => new(
        StreamId, FirstSeq, LastSeq, FirstInterval, LastInterval, TermsHash, VerifierHash, Price, ProxyFee, Threshold,
        GrantWithinSeconds, DeliverWithinSeconds, AcceptWithinSeconds);

    internal static MarketTerms Of(Market.Terms t) => new()
    {
        StreamId = t.StreamId,
        FirstSeq = t.FirstSeq,
        LastSeq = t.LastSeq,
        FirstInterval = t.FirstInterval,
        LastInterval = t.LastInterval,
        TermsHash = t.TermsHash,
        VerifierHash = t.VerifierHash,
        Price = t.Price,
        ProxyFee = t.ProxyFee,
        Threshold = t.Threshold,
        GrantWithinSeconds = t.GrantWithin,
        DeliverWithinSeconds = t.DeliverWithin,
        AcceptWithinSeconds = t.AcceptWithin,
    };
}

/// <summary>A listing; <see cref="CipherBytes"/> is what the registry has anchored for its blocks.</summary>
public sealed record MarketListing(
    ulong Id, Address Seller, bool IsOpen, ulong CipherBytes, MarketTerms Terms, IReadOnlyList<Address> Proxies)
{
    /// <summary>What an order has to pay: the price and the fee of every named proxy.</summary>
    public UInt256 Total => Terms.Price + Terms.ProxyFee * (ulong)Proxies.Count;
}

/// <summary>An order; the deadline is of its present state, in seconds since 1970.</summary>
public sealed record MarketOrder(
    ulong Id, ulong ListingId, Address Buyer, OrderState State, int Deliveries, int DeliveredMask, ulong DeadlineSeconds,
    UInt256 Escrow, byte[] BuyerKey, Hash256 GrantHash);

/// <summary>A registered proxy; its key for re-encryption is a compressed point of 33 bytes.</summary>
public sealed record MarketProxy(Address Address, UInt256 Stake, bool IsActive, uint OpenOrders, byte[] PreKey);

/// <summary>The sides of the rule of conservation, in base units.</summary>
public sealed record MarketSums(UInt256 Balance, UInt256 Escrow, UInt256 Owed, UInt256 Stakes)
{
    /// <summary>Nothing is missing: the balance covers what is held for others.</summary>
    public bool AreCovered => Balance >= Escrow + Owed + Stakes;
}
