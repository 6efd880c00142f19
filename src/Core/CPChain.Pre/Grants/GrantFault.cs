namespace CPChain.Pre.Grants;

/// <summary>Why a buyer must not pay for a grant.</summary>
public enum GrantFault
{
    None = 0,

    /// <summary>It is for another buyer's key.</summary>
    WrongBuyer,

    /// <summary>It is for another owner's or label's key, or another account signed it.</summary>
    WrongOwner,

    /// <summary>Label, intervals, times, order or price are not the agreed ones.</summary>
    WrongTerms,

    /// <summary>It names other proxies or another threshold than agreed.</summary>
    WrongProxies,

    /// <summary>A share's signature is not the owner's.</summary>
    BadSignature,

    /// <summary>AU is not proven to be the owner's secret times U.</summary>
    BadProof,

    /// <summary>Two shares have the same identifier or proxy.</summary>
    RepeatedShare,

    /// <summary>The shares do not lie on one polynomial of degree below t: different proxies would give different keys.</summary>
    DegreeTooHigh,

    /// <summary>The shares' polynomial does not go through C0 at 0.</summary>
    WrongConstant,

    /// <summary>C0 is not the owner's secret split for this buyer: no set of proxies would give the key.</summary>
    WrongSecret,
}
