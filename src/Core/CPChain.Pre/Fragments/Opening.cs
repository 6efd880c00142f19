using CPChain.Crypto;
using CPChain.Pre.Capsules;
using CPChain.Pre.Grants;
using CPChain.Pre.Proofs;

namespace CPChain.Pre.Fragments;

/// <summary>How a buyer gets the key out of t fragments (rule P18).</summary>
public static class Opening
{
    /// <summary>
    /// Combines fragments of one grant and capsule from at least t different proxies; null when they are fewer, mixed,
    /// or when what comes out does not belong to the owner's key.
    /// </summary>
    public static KemKey? Combine(IReadOnlyList<VerifiedFragment> fragments)
    {
        if (fragments.Count == 0) return null;
        VerifiedGrant grant = fragments[0].Grant;
        Capsule capsule = fragments[0].Capsule;
        VerifiedFragment[] used = [.. fragments.DistinctBy(f => f.Share).Take(grant.Grant.Threshold)];
        if (used.Length < grant.Grant.Threshold) return null;
        if (!used.All(f => ReferenceEquals(f.Grant, grant) && f.Capsule.Equals(capsule))) return null;

        Scalar[] factors = Lagrange.AtZero([.. used.Select(f => grant.Abscissas[f.Share])]);
        Point e = Point.Sum([.. used.Select((f, i) => f.Fragment.Image.E.Multiply(factors[i]))]);
        Point v = Point.Sum([.. used.Select((f, i) => f.Fragment.Image.V.Multiply(factors[i]))]);

        // s/d A = h E' + V' holds exactly when E' and V' are a/d times E and V.
        Scalar d = grant.D;
        Point expected = grant.Grant.Owner.Point.Multiply(capsule.S * d.Inverse());
        if (e.Multiply(capsule.H) + v != expected || (e + v).IsInfinity) return null;
        return KemKey.Derive((e + v).Multiply(d));
    }
}
