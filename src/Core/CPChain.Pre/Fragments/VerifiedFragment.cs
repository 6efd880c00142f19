using CPChain.Pre.Capsules;
using CPChain.Pre.Grants;
using CPChain.Types;

namespace CPChain.Pre.Fragments;

/// <summary>A proxy's fragment that its buyer has checked against grant, capsule, order and proxy (rule P17).</summary>
public sealed class VerifiedFragment
{
    private VerifiedFragment(VerifiedGrant grant, Capsule capsule, int share, CapsuleFragment fragment)
    {
        Grant = grant;
        Capsule = capsule;
        Share = share;
        Fragment = fragment;
    }

    /// <summary>The proxy that made it.</summary>
    public Address Proxy => Grant.Grant.Shares[Share].Proxy;

    internal VerifiedGrant Grant { get; }

    internal Capsule Capsule { get; }

    internal int Share { get; }

    internal CapsuleFragment Fragment { get; }

    /// <summary>Checks what a proxy sent; <paramref name="proxy"/> is who sent it.</summary>
    public static FragmentFault Verify(
        CapsuleFragment fragment, Capsule capsule, VerifiedGrant grant, Address proxy, out VerifiedFragment? verified)
    {
        verified = null;
        int index = IndexOf(grant.Grant, fragment);
        if (index < 0) return FragmentFault.UnknownShare;
        GrantShare share = grant.Grant.Shares[index];
        if (share.Proxy != proxy) return FragmentFault.WrongProxy;

        // The share's own signature was checked with the grant; the fragment must carry that very one.
        if (fragment.ForBuyer != share.Signature) return FragmentFault.BadSignature;
        if (fragment.X != grant.Grant.X || fragment.Image.U != share.Commitment) return FragmentFault.BadCommitment;
        if (!capsule.IsConsistent) return FragmentFault.BadCapsule;
        if (!fragment.IsProven(capsule, grant.Grant.Terms.OrderId, proxy)) return FragmentFault.BadProof;
        verified = new VerifiedFragment(grant, capsule, index, fragment);
        return FragmentFault.None;
    }

    private static int IndexOf(Grant grant, CapsuleFragment fragment)
    {
        for (int i = 0; i < grant.Shares.Length; i++)
        {
            if (grant.Shares[i].Id == fragment.Id) return i;
        }

        return -1;
    }
}
