using CPChain.Crypto;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Evidence;

/// <summary>Why a pair of signed statements convicts nobody.</summary>
public enum MisconductFault
{
    None,

    /// <summary>The statements are not the misconduct that is named: one may say both.</summary>
    NoContradiction,

    /// <summary>A signature is of no key.</summary>
    NoSigner,

    /// <summary>The signatures are of two keys, or not both of this chain.</summary>
    TwoSigners,
}

/// <summary>Finds whom a proof of misconduct convicts (L22.2); pure, and the cheap check comes before any signature.</summary>
public static class MisconductVerifier
{
    /// <param name="misconduct">What is said to be proven.</param>
    /// <param name="domain">This chain: what was signed for another one convicts nobody here.</param>
    /// <param name="signer">The guilty key's address; the caller knows which role it had.</param>
    public static MisconductFault Verify(Misconduct misconduct, in ChainDomain domain, out Address signer)
    {
        signer = default;
        if (MisconductRules.Judge(misconduct.First.Statement, misconduct.Second.Statement) != misconduct.Kind)
            return MisconductFault.NoContradiction;
        if (!TryRecover(misconduct.First, domain, out Address first)
            || !TryRecover(misconduct.Second, domain, out Address second))
            return MisconductFault.NoSigner;
        if (first != second) return MisconductFault.TwoSigners;

        signer = first;
        return MisconductFault.None;
    }

    private static bool TryRecover(SignedStatement signed, in ChainDomain domain, out Address signer) =>
        Secp256k1.TryRecoverAddress(signed.Statement.Digest(domain), signed.Signature, out signer);
}
