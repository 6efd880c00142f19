namespace CPChain.Sdk.Proofs;

/// <summary>Why a proof proves nothing.</summary>
public enum ProofFault
{
    None = 0,

    /// <summary>The bytes are no header, certificate, account, transaction or receipt.</summary>
    Malformed,

    /// <summary>The certificate is not of this header.</summary>
    WrongHeader,

    /// <summary>Too few of the trusted validators have signed, or somebody else.</summary>
    NotCertified,

    /// <summary>The block is older than the trusted set, or the set is not the one that is named.</summary>
    WrongValidators,

    /// <summary>The nodes do not lead from the root to the key.</summary>
    NotProven,

    /// <summary>What the node says beside the proof is not what the proof shows.</summary>
    Contradiction,

    /// <summary>A block is of an account whose number it was not (D10).</summary>
    WrongProposer,

    /// <summary>A reveal does not fit the commitment (D9.1).</summary>
    WrongReveal,
}

/// <summary>The node has not proven what it says: it is faulty or it lies.</summary>
public sealed class ProofException(ProofFault fault, string reason) : ChainClientException($"The answer is not proven: {reason}.")
{
    public ProofFault Fault { get; } = fault;
}
