using CPChain.Crypto;

namespace CPChain.Pre;

/// <summary>The constants of the scheme (rule P1).</summary>
public static class PreParameters
{
    /// <summary>The most proxies one grant can name.</summary>
    public const int ProxiesMax = 32;

    /// <summary>The second generator; nobody knows its logarithm to the base G.</summary>
    public static Point U { get; } = Point.HashToPoint("CPChain PRE v1 U");
}
