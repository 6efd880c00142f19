namespace CPChain.Evm;

/// <summary>The rule set of one fork, as a row of data. The chain runs <see cref="Osaka"/>; the others serve the
/// Ethereum state tests.</summary>
public sealed record EvmRules
{
    /// <summary>Name of the fork as Ethereum's tests write it.</summary>
    public required string Name { get; init; }

    /// <summary>EIP-3198: BASEFEE.</summary>
    public bool HasBaseFee { get; init; }

    /// <summary>EIP-3529: lower refunds and a cap of a fifth (a half before).</summary>
    public bool HasReducedRefunds { get; init; }

    /// <summary>EIP-3541: no new code beginning with 0xef.</summary>
    public bool RejectsEfCode { get; init; }

    /// <summary>EIP-4399: 0x44 is PREVRANDAO.</summary>
    public bool HasPrevRandao { get; init; }

    /// <summary>EIP-3855: PUSH0.</summary>
    public bool HasPush0 { get; init; }

    /// <summary>EIP-3860: init code is bounded and paid by the word.</summary>
    public bool MetersInitCode { get; init; }

    /// <summary>EIP-3651: the coinbase is warm.</summary>
    public bool HasWarmCoinbase { get; init; }

    /// <summary>EIP-1153: TLOAD, TSTORE.</summary>
    public bool HasTransientStorage { get; init; }

    /// <summary>EIP-5656: MCOPY.</summary>
    public bool HasMemoryCopy { get; init; }

    /// <summary>EIP-4844 and EIP-7516: BLOBHASH, BLOBBASEFEE, point evaluation.</summary>
    public bool HasBlobs { get; init; }

    /// <summary>EIP-6780: SELFDESTRUCT deletes only what the same transaction created.</summary>
    public bool HasLimitedSelfDestruct { get; init; }

    /// <summary>EIP-7702: delegated accounts.</summary>
    public bool HasDelegation { get; init; }

    /// <summary>EIP-2537: BLS12-381 precompiled contracts.</summary>
    public bool HasBls { get; init; }

    /// <summary>EIP-7623: floor price of call data (a rule of transactions).</summary>
    public bool HasCalldataFloor { get; init; }

    /// <summary>EIP-7939: CLZ.</summary>
    public bool HasCountLeadingZeros { get; init; }

    /// <summary>EIP-7823 and EIP-7883: bounded and dearer modular exponentiation.</summary>
    public bool HasOsakaModExp { get; init; }

    /// <summary>EIP-7951: secp256r1 verification at 0x100.</summary>
    public bool HasP256 { get; init; }

    /// <summary>EIP-7825: most gas a transaction may ask for; null without a cap.</summary>
    public ulong? TransactionGasMax { get; init; }

    /// <summary>Berlin: access sets (EIP-2929) are the oldest gas schedule kept.</summary>
    public static EvmRules Berlin { get; } = new() { Name = "Berlin" };

    /// <summary>London.</summary>
    public static EvmRules London { get; } =
        Berlin with { Name = "London", HasBaseFee = true, HasReducedRefunds = true, RejectsEfCode = true };

    /// <summary>Paris.</summary>
    public static EvmRules Paris { get; } = London with { Name = "Paris", HasPrevRandao = true };

    /// <summary>Shanghai.</summary>
    public static EvmRules Shanghai { get; } =
        Paris with { Name = "Shanghai", HasPush0 = true, MetersInitCode = true, HasWarmCoinbase = true };

    /// <summary>Cancun.</summary>
    public static EvmRules Cancun { get; } = Shanghai with
    {
        Name = "Cancun",
        HasTransientStorage = true,
        HasMemoryCopy = true,
        HasBlobs = true,
        HasLimitedSelfDestruct = true,
    };

    /// <summary>Prague.</summary>
    public static EvmRules Prague { get; } =
        Cancun with { Name = "Prague", HasDelegation = true, HasBls = true, HasCalldataFloor = true };

    /// <summary>Osaka, the rules of this chain.</summary>
    public static EvmRules Osaka { get; } = Prague with
    {
        Name = "Osaka",
        HasCountLeadingZeros = true,
        HasOsakaModExp = true,
        HasP256 = true,
        TransactionGasMax = 1UL << 24,
    };

    /// <summary>The rule sets, oldest first.</summary>
    public static IReadOnlyList<EvmRules> All { get; } = [Berlin, London, Paris, Shanghai, Cancun, Prague, Osaka];
}
