using System.Text.Json;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Types;

namespace CPChain.RpcCompat.Ethereum;

/// <summary>Which fork rules which block: by number, since Shanghai by time, Paris by the end of difficulty.</summary>
internal sealed class ForkSchedule
{
    private readonly List<(ulong Number, EthereumFork Fork)> _byNumber = [];
    private readonly List<(ulong Time, EthereumFork Fork)> _byTime = [];
    private readonly EthereumFork _paris;

    private ForkSchedule(JsonElement config, IForeignBlocks customs)
    {
        ChainId = config.GetProperty("chainId").GetUInt64();
        DepositContract = config.TryGetProperty("depositContractAddress", out JsonElement address)
            ? Address.Parse(address.GetString())
            : Address.Parse("0x00000000219ab540356cbb839cbe05303d7705fa");
        Add("homesteadBlock", EvmRules.Homestead, 5);
        Add("eip150Block", EvmRules.TangerineWhistle, 5);
        Add("eip158Block", EvmRules.SpuriousDragon, 5);
        Add("byzantiumBlock", EvmRules.Byzantium, 3);
        Add("constantinopleBlock", EvmRules.Constantinople, 2);
        Add("petersburgBlock", EvmRules.Petersburg, 2);
        Add("istanbulBlock", EvmRules.Istanbul, 2);
        Add("berlinBlock", EvmRules.Berlin, 2);
        Add("londonBlock", EvmRules.London, 2);
        _paris = new EthereumFork(EvmRules.Paris, 0, null, ChainId, customs);
        AddTimed("shanghai", EvmRules.Shanghai);
        AddTimed("cancun", EvmRules.Cancun);
        AddTimed("prague", EvmRules.Prague);
        AddTimed("osaka", EvmRules.Osaka);
        for (int i = 1; i <= 5; i++) AddTimed($"bpo{i}", EvmRules.Osaka);

        void Add(string name, EvmRules rules, ulong reward)
        {
            if (config.TryGetProperty(name, out JsonElement number) && number.ValueKind == JsonValueKind.Number)
                _byNumber.Add((number.GetUInt64(), new EthereumFork(rules, reward, null, ChainId, customs)));
        }

        void AddTimed(string name, EvmRules rules)
        {
            if (config.TryGetProperty(name + "Time", out JsonElement time) && time.ValueKind == JsonValueKind.Number)
                _byTime.Add((time.GetUInt64(), new EthereumFork(rules, 0, BlobsOf(config, name, rules), ChainId, customs)));
        }
    }

    public ulong ChainId { get; }

    /// <summary>Whose events are requests for a deposit (EIP-6110).</summary>
    public Address DepositContract { get; }

    /// <summary>Reads the config of a genesis.</summary>
    /// <exception cref="FormatException">It is not what geth writes.</exception>
    public static ForkSchedule Read(JsonElement config, IForeignBlocks customs)
    {
        try
        {
            return new ForkSchedule(config, customs);
        }
        catch (Exception broken) when (broken is KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"the config of the genesis: {broken.Message}", broken);
        }
    }

    /// <summary>The fork in force.</summary>
    /// <exception cref="FormatException">The block is older than the oldest rules kept.</exception>
    public EthereumFork At(ulong number, ulong time, bool hasDifficulty)
    {
        if (!hasDifficulty)
        {
            EthereumFork fork = _paris;
            foreach ((ulong from, EthereumFork next) in _byTime) fork = from <= time ? next : fork;
            return fork;
        }
        EthereumFork? old = null;
        foreach ((ulong from, EthereumFork next) in _byNumber) old = from <= number ? next : old;
        return old ?? throw new FormatException($"block {number} is older than Homestead, the oldest rules kept");
    }

    public EthereumFork At(EthereumHeader header) => At(header.Number, header.Timestamp, !header.Difficulty.IsZero);

    private static BlobSchedule? BlobsOf(JsonElement config, string name, EvmRules rules)
    {
        if (!rules.HasBlobs) return null;
        JsonElement own = config.GetProperty("blobSchedule").GetProperty(name);
        return new BlobSchedule(
            own.GetProperty("target").GetUInt64(), own.GetProperty("max").GetUInt64(),
            own.GetProperty("baseFeeUpdateFraction").GetUInt64());
    }
}
