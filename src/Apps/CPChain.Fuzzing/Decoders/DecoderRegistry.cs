namespace CPChain.Fuzzing.Decoders;

/// <summary>Every decoder of the product. A test finds decoders that are in no entry.</summary>
public static class DecoderRegistry
{
    /// <summary>The entries, in a fixed order.</summary>
    public static IReadOnlyList<DecoderEntry> All { get; } =
        [.. ChainDecoders.All(), .. LbftDecoders.All(), .. DataDecoders.All(), .. NodeDecoders.All(), .. TextDecoders.All()];

    /// <summary>Methods that look like decoders by name and need no entry, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> Exempt { get; } = new Dictionary<string, string>
    {
        ["Hash256.Parse"] = "throws where TryParse refuses; for constants of this program",
        ["Address.Parse"] = "throws where TryParse refuses; for constants of this program",
        ["UInt256.Parse"] = "throws where TryParse refuses; for constants of this program",
        ["Hex.Decode"] = "throws where TryDecode refuses; for constants of this program",
        ["BlsPoints.TryReadField"] = "input of precompiled contracts, which evm fuzz runs beside anvil",
        ["BlsPoints.TryReadField2"] = "input of precompiled contracts, which evm fuzz runs beside anvil",
        ["BlsPoints.TryReadG1"] = "input of precompiled contracts, which evm fuzz runs beside anvil",
        ["BlsPoints.TryReadG2"] = "input of precompiled contracts, which evm fuzz runs beside anvil",
        ["CurvePoint.TryParse"] = "runs under PublicKey.TryFromBytes and Point.TryFromCompressed",
        ["PrivateKey.TryFromBytes"] = "a secret of this program, not input from outside",
        ["Gateway.ReadFile"] = "a path; its content is that of CsvTable.TryRead",
        ["IdentityStore.TryReadAddress"] = "a path; its content is that of KeystoreDocument.TryReadAddress",
        ["PassphraseFile.Read"] = "a path; its content is taken as it is",
        ["PrivateFile.Read"] = "a path; its content is taken as it is",
        ["TrieNodeCodec.ReadChild"] = "part of a node that TryDecode has checked",
        ["StreamDecoder.Decode"] = "code of contracts, which evm fuzz runs on both engines",
    };
}
