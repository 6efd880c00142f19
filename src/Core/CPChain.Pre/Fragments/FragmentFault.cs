namespace CPChain.Pre.Fragments;

/// <summary>Why a fragment is not accepted.</summary>
public enum FragmentFault
{
    None = 0,

    /// <summary>It is for another proxy.</summary>
    WrongProxy,

    /// <summary>The time is outside the granted one.</summary>
    NotActive,

    /// <summary>The capsule is not consistent (rule P5).</summary>
    BadCapsule,

    /// <summary>The owner's signature does not cover it.</summary>
    BadSignature,

    /// <summary>The secret does not match its commitment.</summary>
    BadCommitment,

    /// <summary>The grant knows no such share.</summary>
    UnknownShare,

    /// <summary>The proof of correct re-encryption fails for this capsule, order and proxy.</summary>
    BadProof,
}
