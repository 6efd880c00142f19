using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Pre.Grants;

/// <summary>The public half of one fragment: its identifier, the commitment U1 = rk U, the proxy that has it, the owner's signature.</summary>
public sealed record GrantShare
{
    internal GrantShare(in Scalar id, in Point commitment, Address proxy, in Signature signature)
    {
        Id = id;
        Commitment = commitment;
        Proxy = proxy;
        Signature = signature;
    }

    internal Scalar Id { get; }

    internal Point Commitment { get; }

    public Address Proxy { get; }

    /// <summary>sigB: the owner's signature that the buyer checks.</summary>
    public Signature Signature { get; }
}
