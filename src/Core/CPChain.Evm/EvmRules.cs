namespace CPChain.Evm;

/// <summary>The rule set of one fork, as a row of data. The chain runs <see cref="Osaka"/>; the others serve
/// Ethereum's state tests and its test chain.</summary>
public sealed record EvmRules
{
    /// <summary>Name of the fork as Ethereum's tests write it.</summary>
    public required string Name { get; init; }

    /// <summary>What reads of state cost before EIP-2929 told cold from warm; null since Berlin.</summary>
    public FlatGas? Flat { get; init; }

    /// <summary>EIP-150: a call is given what is left but a 64th, not what it asks for or nothing.</summary>
    public bool KeepsPartOfGas { get; init; } = true;

    /// <summary>EIP-161: empty accounts go when they are touched, and new contracts begin with nonce 1.</summary>
    public bool ClearsEmptyAccounts { get; init; } = true;

    /// <summary>EIP-170: code is bounded.</summary>
    public bool BoundsCode { get; init; } = true;

    /// <summary>Gas of one byte of an exponent; 10 before EIP-160.</summary>
    public long ExponentByteGas { get; init; } = 50;

    /// <summary>EIP-140, EIP-211 and EIP-214: REVERT, return data, STATICCALL.</summary>
    public bool HasReturnData { get; init; } = true;

    /// <summary>EIP-196, EIP-197 and EIP-198: alt_bn128 and modular exponentiation.</summary>
    public bool HasByzantiumContracts { get; init; } = true;

    /// <summary>EIP-145, EIP-1014 and EIP-1052: shifts, CREATE2, EXTCODEHASH.</summary>
    public bool HasConstantinopleOpcodes { get; init; } = true;

    /// <summary>What SSTORE costs and gives back.</summary>
    public StorageMetering Metering { get; init; } = StorageMetering.ColdNet;

    /// <summary>EIP-152, EIP-1108, EIP-1344, EIP-1884 and EIP-2028: BLAKE2, cheaper curves and data, CHAINID, SELFBALANCE.</summary>
    public bool HasIstanbulChanges { get; init; } = true;

    /// <summary>EIP-2565: cheaper modular exponentiation.</summary>
    public bool HasBerlinModExp { get; init; } = true;

    /// <summary>EIP-2930: transactions with access lists.</summary>
    public bool HasAccessLists { get; init; } = true;

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

    /// <summary>Homestead, the oldest rule set kept.</summary>
    public static EvmRules Homestead { get; } = new()
    {
        Name = "Homestead",
        Flat = new FlatGas(Slot: 50, Balance: 20, Code: 20, CodeHash: 0, Call: 40, SelfDestruct: 0),
        KeepsPartOfGas = false,
        ClearsEmptyAccounts = false,
        BoundsCode = false,
        ExponentByteGas = 10,
        HasReturnData = false,
        HasByzantiumContracts = false,
        HasConstantinopleOpcodes = false,
        Metering = StorageMetering.Gross,
        HasIstanbulChanges = false,
        HasBerlinModExp = false,
        HasAccessLists = false,
    };

    /// <summary>Tangerine Whistle.</summary>
    public static EvmRules TangerineWhistle { get; } = Homestead with
    {
        Name = "EIP150",
        Flat = new FlatGas(Slot: 200, Balance: 400, Code: 700, CodeHash: 0, Call: 700, SelfDestruct: 5000),
        KeepsPartOfGas = true,
    };

    /// <summary>Spurious Dragon.</summary>
    public static EvmRules SpuriousDragon { get; } =
        TangerineWhistle with { Name = "EIP158", ClearsEmptyAccounts = true, BoundsCode = true, ExponentByteGas = 50 };

    /// <summary>Byzantium.</summary>
    public static EvmRules Byzantium { get; } =
        SpuriousDragon with { Name = "Byzantium", HasReturnData = true, HasByzantiumContracts = true };

    /// <summary>Constantinople as it was first meant.</summary>
    public static EvmRules Constantinople { get; } = Byzantium with
    {
        Name = "Constantinople",
        Flat = new FlatGas(Slot: 200, Balance: 400, Code: 700, CodeHash: 400, Call: 700, SelfDestruct: 5000),
        HasConstantinopleOpcodes = true,
        Metering = StorageMetering.Net,
    };

    /// <summary>Petersburg: Constantinople without EIP-1283.</summary>
    public static EvmRules Petersburg { get; } =
        Constantinople with { Name = "ConstantinopleFix", Metering = StorageMetering.Gross };

    /// <summary>Istanbul.</summary>
    public static EvmRules Istanbul { get; } = Petersburg with
    {
        Name = "Istanbul",
        Flat = new FlatGas(Slot: 800, Balance: 700, Code: 700, CodeHash: 700, Call: 700, SelfDestruct: 5000),
        Metering = StorageMetering.GuardedNet,
        HasIstanbulChanges = true,
    };

    /// <summary>Berlin.</summary>
    public static EvmRules Berlin { get; } = Istanbul with
    {
        Name = "Berlin",
        Flat = null,
        Metering = StorageMetering.ColdNet,
        HasBerlinModExp = true,
        HasAccessLists = true,
    };

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
    public static IReadOnlyList<EvmRules> All { get; } =
    [
        Homestead, TangerineWhistle, SpuriousDragon, Byzantium, Constantinople, Petersburg, Istanbul, Berlin, London, Paris,
        Shanghai, Cancun, Prague, Osaka,
    ];
}
