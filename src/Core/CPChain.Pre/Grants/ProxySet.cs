using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CPChain.Types;

namespace CPChain.Pre.Grants;

/// <summary>The proxies of a grant, 1 to 32 different ones, and how many of them are needed.</summary>
public sealed record ProxySet
{
    public ProxySet(ImmutableArray<Address> addresses, int threshold)
    {
        Invariant.Check(
            IsValid(addresses, threshold), "A grant names 1 to 32 different proxies; the threshold is 1 to their number.");
        Addresses = addresses;
        Threshold = threshold;
    }

    public ImmutableArray<Address> Addresses { get; }

    public int Threshold { get; }

    /// <summary>As the constructor, for addresses and a threshold that come from outside.</summary>
    public static bool TryCreate(
        ImmutableArray<Address> addresses, int threshold, [NotNullWhen(true)] out ProxySet? proxies)
    {
        bool valid = !addresses.IsDefault && IsValid(addresses, threshold);
        proxies = valid ? new ProxySet(addresses, threshold) : null;
        return valid;
    }

    private static bool IsValid(ImmutableArray<Address> addresses, int threshold) =>
        addresses.Length is >= 1 and <= PreParameters.ProxiesMax
        && addresses.Distinct().Count() == addresses.Length
        && threshold >= 1
        && threshold <= addresses.Length;
}
