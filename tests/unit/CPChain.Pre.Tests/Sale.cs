using System.Collections.Immutable;
using System.Security.Cryptography;
using CPChain.Crypto;
using CPChain.Pre.Capsules;
using CPChain.Pre.Fragments;
using CPChain.Pre.Grants;
using CPChain.Pre.Keys;
using CPChain.Types;

namespace CPChain.Pre.Tests;

/// <summary>One owner, one buyer, n proxies of which t are needed, and a capsule under the owner's key.</summary>
internal sealed class Sale
{
    public const ulong Now = 1_700_000_000_000;

    public static readonly EntropySource Entropy = RandomNumberGenerator.Fill;

    public Sale(int proxies, int threshold)
    {
        Proxies = new ProxySet([.. Enumerable.Range(1, proxies).Select(i => Address.FromUInt256((UInt256)i))], threshold);
        Owner = OwnerKey.Generate(Entropy);
        Signer = PrivateKey.Generate(Entropy);
        Buyer = BuyerKey.Generate(Entropy);
        Terms = new GrantTerms("listing/1", 4, 9, Now, Now + 1000, Keccak256.Hash("order"u8), 5UL);
        (Capsule, Key) = Capsule.Encapsulate(Owner.PublicKey, Entropy);
        Result = Granting.Create(Owner, Signer, Buyer.PublicKey, Terms, Proxies, Entropy);
    }

    public ProxySet Proxies { get; }

    public OwnerKey Owner { get; }

    public PrivateKey Signer { get; }

    public BuyerKey Buyer { get; }

    public GrantTerms Terms { get; }

    public Capsule Capsule { get; }

    public KemKey Key { get; }

    public GrantResult Result { get; }

    public Grant Grant => Result.Grant;

    public GrantExpectation Expectation => new(Signer.Address, Owner.PublicKey, Terms, Proxies);

    public VerifiedGrant Verified()
    {
        Assert.Equal(GrantFault.None, VerifiedGrant.Verify(Grant, Buyer, Expectation, out VerifiedGrant? verified));
        return verified!;
    }

    public CapsuleFragment ReEncrypt(int proxy, Capsule? capsule = null)
    {
        FragmentFault fault = Result.Fragments[proxy].ReEncrypt(capsule ?? Capsule, Now, Entropy, out CapsuleFragment? fragment);
        Assert.Equal(FragmentFault.None, fault);
        return fragment!;
    }

    public VerifiedFragment Receive(VerifiedGrant grant, int proxy)
    {
        FragmentFault fault = VerifiedFragment.Verify(
            ReEncrypt(proxy), Capsule, grant, Proxies.Addresses[proxy], out VerifiedFragment? verified);
        Assert.Equal(FragmentFault.None, fault);
        return verified!;
    }

    public ImmutableArray<VerifiedFragment> ReceiveAll(VerifiedGrant grant) =>
        [.. Enumerable.Range(0, Proxies.Addresses.Length).Select(i => Receive(grant, i))];
}
