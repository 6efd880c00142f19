using CPChain.Data.Blocks;
using CPChain.Network;
using CPChain.Pdash.Owner;
using CPChain.Sdk;
using CPChain.Types;

namespace CPChain.App.Demo.People;

/// <summary>A transaction that somebody sent and that is in a block.</summary>
public sealed record Transacted(Hash256 Hash, ulong Block, ulong Gas)
{
    public static Transacted From(ReceiptInfo receipt) => new(receipt.TransactionHash, receipt.BlockNumber, receipt.GasUsed);
}

/// <summary>A listing on the chain.</summary>
public sealed record PutUp(ulong ListingId, Transacted Transaction);

/// <summary>What a gateway is to do with a file of readings.</summary>
/// <param name="Path">CSV file that the gateway reads itself.</param>
/// <param name="TimeColumn">Column with the time; null takes row numbers as seconds.</param>
/// <param name="StreamId">The registered stream.</param>
/// <param name="Profile">How it is cut.</param>
/// <param name="Owner">Where the owner signs and anchors.</param>
public sealed record CollectJob(string Path, string? TimeColumn, Hash256 StreamId, StreamProfile Profile, PeerAddress Owner);

/// <summary>What a buyer fetched and verified.</summary>
/// <param name="Digest">SHA-256 of the file.</param>
/// <param name="Rows">Rows whose root, signatures and count were checked.</param>
/// <param name="Blocks">Blocks opened.</param>
/// <param name="DamagedShards">Shards that were damaged and made good from the others.</param>
/// <param name="UnreachableNodes">Storage nodes that did not answer.</param>
public sealed record Fetched(Hash256 Digest, long Rows, int Blocks, int DamagedShards, IReadOnlyList<Address> UnreachableNodes);

/// <summary>An order that was delivered and accepted.</summary>
/// <param name="ListingId">What was ordered.</param>
/// <param name="Terms">The terms, as their owner published them.</param>
/// <param name="Fetched">What came.</param>
/// <param name="Accepted">The acceptance.</param>
public sealed record Delivery(ulong ListingId, byte[] Terms, Fetched Fetched, Transacted Accepted);

/// <summary>Somebody who takes part, in this process or in one of its own. Progress steps are shown as they come.</summary>
public interface IDesk : IAsyncDisposable
{
    /// <summary>Identity and account.</summary>
    Address Address { get; }
}

/// <summary>What is asked of the owner of a stream.</summary>
public interface ISellerDesk : IDesk
{
    /// <summary>Where gateways find the seller.</summary>
    PeerAddress Peer { get; }

    /// <summary>Registers a stream on the chain for a gateway and gives its id.</summary>
    Task<Hash256> RegisterStreamAsync(string name, StreamProfile profile, Address gateway, CancellationToken cancel);

    Task<PutUp> ListAsync(Offer offer, CancellationToken cancel);

    Task<Transacted> GrantAsync(ulong orderId, CancellationToken cancel);

    /// <summary>Takes what the market owes.</summary>
    Task<Transacted> WithdrawAsync(CancellationToken cancel);
}

/// <summary>What is asked of the gateway of a stream.</summary>
public interface IGatewayDesk : IDesk
{
    /// <summary>Samples the machine's own sensors into a CSV file of the gateway's folder and gives its path.</summary>
    Task<string> SampleAsync(TimeSpan duration, TimeSpan period, CancellationToken cancel);

    /// <summary>Seals, stores and anchors a file. A gateway in another process tells of its uploads by their manifests alone.</summary>
    Task<CollectReport> CollectAsync(CollectJob job, CancellationToken cancel);
}

/// <summary>What is asked of a buyer.</summary>
public interface IBuyerDesk : IDesk
{
    /// <summary>Pays into escrow and gives the order's number.</summary>
    Task<ulong> OrderAsync(ulong listingId, CancellationToken cancel);

    /// <summary>Waits for the grant, collects the keys, fetches, verifies, saves where a path is given, and accepts.</summary>
    Task<Delivery> ReceiveAsync(ulong orderId, string? saveAs, CancellationToken cancel);

    /// <summary>Fetches and verifies again what was bought.</summary>
    Task<Fetched> RefetchAsync(ulong orderId, CancellationToken cancel);

    /// <summary>
    /// Opens the buyer's folder with its own identity, as somebody would who has taken the machine. A buyer in a process of its own is
    /// stopped first and does no more.
    /// </summary>
    Task<TakenBuyer> TakeAsync(ulong orderId, CancellationToken cancel);
}
