using CPChain.Crypto;
using CPChain.Pre.Format;
using CPChain.Pre.Keys;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Pre.Grants;

/// <summary>What the owner signs for each fragment: id, U1, X, A, B, the terms and the proxy (rule P10).</summary>
internal readonly record struct ShareMessage(
    Scalar Id, Point Commitment, Point X, OwnerPublicKey Owner, BuyerPublicKey Buyer, GrantTerms Terms, Address Proxy)
{
    /// <summary>The digest for the proxy (sigP).</summary>
    public Hash256 ForProxy => Digest("CPChain PRE v1 proxy share"u8);

    /// <summary>The digest for the buyer (sigB).</summary>
    public Hash256 ForBuyer => Digest("CPChain PRE v1 buyer share"u8);

    private Hash256 Digest(ReadOnlySpan<byte> domain)
    {
        var writer = new RlpWriter(512);
        writer.BeginList();
        writer.WriteBytes(domain);
        writer.WriteScalar(Id);
        writer.WritePoint(Commitment);
        writer.WritePoint(X);
        writer.WritePoint(Owner.Point);
        writer.WritePoint(Buyer.Point);
        Terms.Write(writer);
        writer.WriteAddress(Proxy);
        writer.EndList();
        return Keccak256.Hash(writer.WrittenSpan);
    }
}
