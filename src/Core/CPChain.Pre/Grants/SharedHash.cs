using CPChain.Crypto;
using CPChain.Pre.Keys;
using CPChain.Pre.Proofs;
using CPChain.Types.Rlp;

namespace CPChain.Pre.Grants;

/// <summary>The hashes over the secret D = xB = bX that owner and buyer share (rule P2).</summary>
internal static class SharedHash
{
    /// <summary>d = H3(X, B, D).</summary>
    public static Scalar D(in Point x, BuyerPublicKey buyer, in Point shared) =>
        new Transcript("H3").Add(x).Add(buyer.Point).Add(shared).ToScalar();

    /// <summary>y = H4(X, B, D, id): the abscissa of a fragment, unknown to its proxy.</summary>
    public static Scalar Y(in Point x, BuyerPublicKey buyer, in Point shared, in Scalar id) =>
        new Transcript("H4").Add(x).Add(buyer.Point).Add(shared).Add(id).ToScalar();

    /// <summary>Ties the proof of equal logarithms to one grant.</summary>
    public static byte[] ProofContext(in Point x, BuyerPublicKey buyer, GrantTerms terms)
    {
        var writer = new RlpWriter(256);
        terms.Write(writer);
        return [.. x.ToCompressed(), .. buyer.ToArray(), .. writer.WrittenSpan];
    }
}
