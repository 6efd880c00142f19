using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Pre.Grants;

/// <summary>The proxies of a grant, 1 to 32 different ones, and how many of them are needed.</summary>
public sealed record ProxySet
{
    public ProxySet(ImmutableArray<Address> addresses, int threshold)
    {
        Invariant.Check(
            addresses.Length is >= 1 and <= PreParameters.ProxiesMax && addresses.Distinct().Count() == addresses.Length,
            "A grant names 1 to 32 different proxies.");
        Invariant.Check(threshold >= 1 && threshold <= addresses.Length, "The threshold is 1 to the number of proxies.");
        Addresses = addresses;
        Threshold = threshold;
    }

    public ImmutableArray<Address> Addresses { get; }

    public int Threshold { get; }
}
