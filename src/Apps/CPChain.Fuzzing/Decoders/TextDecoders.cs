using System.Buffers;
using System.Text;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Execution;
using CPChain.Keystore;
using CPChain.Rpc;
using CPChain.Rpc.Methods;
using CPChain.Rpc.Protocol;
using CPChain.Rpc.Tracing;
using CPChain.Sdk;
using CPChain.Sdk.Abi;
using CPChain.Sdk.Contracts;
using CPChain.Sdk.Contracts.Generated;
using CPChain.Sdk.Generation;
using CPChain.Types;
using Microsoft.Extensions.Logging.Abstractions;

namespace CPChain.Fuzzing.Decoders;

/// <summary>Keystores, JSON-RPC requests, ABI, and the small texts: addresses, numbers, amounts.</summary>
internal static class TextDecoders
{
    private static readonly Func<byte[], ContractError?>[] ErrorsOfContracts =
    [
        Admission.DecodeError, Campaign.DecodeError, Congress.DecodeError, DataRegistry.DecodeError,
        DporViews.DecodeError, EconomyPool.DecodeError, Evidence.DecodeError, Governance.DecodeError,
        Market.DecodeError, Parameters.DecodeError, Reserve.DecodeError, RNodePool.DecodeError,
        ValidatorSet.DecodeError, Vesting.DecodeError,
    ];

    private static readonly AbiType[] AbiTypes =
    [
        AbiType.Parse("uint256"), AbiType.Parse("address[]"), AbiType.Parse("(bool,bytes,int8)[2]"), AbiType.Parse("string"), AbiType.Parse("bytes4"),
    ];

    private static ReadOnlySpan<byte> CallText =>
        """{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{"from":"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed","to":null,"gas":"0x5208","value":"0x1","input":"0x00","accessList":[{"address":"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed","storageKeys":["0x00"]}]},"latest",{"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed":{"balance":"0x1","nonce":"0x2","code":"0x6001","stateDiff":{"0x0000000000000000000000000000000000000000000000000000000000000001":"0x0000000000000000000000000000000000000000000000000000000000000002"}}}]}"""u8;

    private static ReadOnlySpan<byte> LogsText =>
        """{"jsonrpc":"2.0","id":"a","method":"eth_getLogs","params":[{"fromBlock":"0x1","toBlock":"latest","address":["0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"],"topics":[null,["0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"]]}]}"""u8;

    private static ReadOnlySpan<byte> PlainText =>
        """[{"jsonrpc":"2.0","id":1,"method":"web3_sha3","params":["0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed","0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef","0x00","0x1",true,"text",{"blockHash":"0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef","requireCanonical":true}]},{"jsonrpc":"2.0","method":"web3_sha3"}]"""u8;

    private static ReadOnlySpan<byte> SimulateText =>
        """{"jsonrpc":"2.0","id":1,"method":"eth_simulateV1","params":[{"blockStateCalls":[{"blockOverrides":{"number":"0x10","time":"0x65"},"stateOverrides":{"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed":{"balance":"0x1"}},"calls":[{"from":"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed","input":"0x00"}]}],"traceTransfers":true,"validation":false},"latest"]}"""u8;

    private static ReadOnlySpan<byte> TraceText =>
        """{"jsonrpc":"2.0","id":1,"method":"debug_traceCall","params":[{"tracer":"callTracer","tracerConfig":{"onlyTopCall":true,"withLog":true},"timeout":"5s"}]}"""u8;

    private static ReadOnlySpan<byte> TypedText =>
        """{"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"chainId","type":"uint256"}],"A":[{"name":"a","type":"uint8"},{"name":"b","type":"B[]"}],"B":[{"name":"c","type":"bytes"},{"name":"d","type":"address"}]},"primaryType":"A","domain":{"name":"n","chainId":41},"message":{"a":7,"b":[{"c":"0x01","d":"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"}]}}"""u8;

    private static readonly object[] AbiExample =
    [
        UInt256.MaxValue, new object[] { Address.Zero, Address.FromUInt256(5UL) },
        new object[] { new object[] { true, new byte[] { 1, 2 }, -3L }, new object[] { false, Array.Empty<byte>(), 3L } },
        "text", new byte[] { 1, 2, 3, 4 },
    ];

    private static readonly Dispatcher Requests = MakeDispatcher();

    internal static IEnumerable<DecoderEntry> All()
    {
        yield return new("keystore", ["KeystoreFields.TryRead", "KeystoreDocument.TryReadAddress"], Keystores(),
            static bytes => Decoded.If(KeystoreDocument.TryReadAddress(bytes, out _)))
        { IsText = true, AllocatedMax = 1 << 20 };
        yield return new(
            "json-rpc request",
            ["Dispatcher.AnswerAsync", "CallArguments.Read", "LogQuery.Read", "OverrideArguments.Read", "SimulateArguments.Read", "TraceOptions.Read",
                "BlockSelector.TryRead"], RequestTexts(), Answer)
        { IsText = true, AllocatedMax = 1 << 20, AllocatedPerByte = 1024 };
        yield return new("abi values", ["AbiDecoder.TryDecode"], [AbiEncoder.Encode(AbiTypes, AbiExample)],
            static bytes => Decoded.If(AbiDecoder.TryDecode(AbiTypes, bytes, out _)))
        { AllocatedMax = 1 << 20, AllocatedPerByte = 1024 };
        yield return new("abi type", ["AbiType.Parse"], ["(uint256,address[4])[]"u8.ToArray(), "bytes32"u8.ToArray(), "int64[2][]"u8.ToArray()],
            static bytes => Formatted(bytes, static text => AbiType.Parse(text)))
        { IsText = true, AllocatedPerByte = 4096 };
        yield return new("contract abi", ["ContractAbi.Parse"], [Abi()], static bytes => Formatted(bytes, static text => ContractAbi.Parse(text)))
        { IsText = true, AllocatedMax = 1 << 20, AllocatedPerByte = 4096 };
        yield return new("contract errors", ["ContractError.DecodePlain", .. ErrorsOfContracts.Select(static one => $"{one.Method.DeclaringType!.Name}.{one.Method.Name}")],
            [[0x08, 0xc3, 0x79, 0xa0, .. AbiEncoder.Encode([AbiType.Parse("string")], ["why"])], [0x4e, 0x48, 0x7b, 0x71, .. new byte[32]]],
            static bytes => Decoded.If(ContractError.DecodePlain(bytes) is not null
                | Array.ConvertAll(ErrorsOfContracts, decode => decode(bytes) is not null).Contains(true)))
        { AllocatedMax = 1 << 20, AllocatedPerByte = 1024 };
        yield return new("typed data", ["TypedData.Parse"], [TypedText.ToArray()], static bytes => Formatted(bytes, static text => TypedData.Parse(text)))
        { IsText = true, AllocatedMax = 8 << 20, AllocatedPerByte = 8192 };
        yield return new("compiled contract", ["CompiledContract.Parse"],
            [Encoding.ASCII.GetBytes("{\"contractName\":\"A\",\"bytecode\":\"0x6001\",\"abi\":" + Encoding.ASCII.GetString(Abi()) + "}")],
            static bytes => Formatted(bytes, static text => CompiledContract.Parse(text)))
        { IsText = true, AllocatedMax = 8 << 20, AllocatedPerByte = 8192 };
        yield return new("addresses", ["Address.TryParse", "AddressChecksum.TryParse", "Hash256.TryParse"],
            ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"u8.ToArray(), Encoding.ASCII.GetBytes(SeedKeys.Hash(1).ToString())],
            static bytes => Text(bytes, static text => Address.TryParse(text, out _) | AddressChecksum.TryParse(text, out _) | Hash256.TryParse(text, out _)))
        { IsText = true };
        yield return new("numbers", ["UInt256.TryParse", "Units.TryParseCpc", "Coins.ParseCpc"],
            ["0xffff"u8.ToArray(), "115792089237316195423570985008687907853269984665640564039457584007913129639935"u8.ToArray(), "1.000000000000000001"u8.ToArray()],
            static bytes => Text(bytes, static text => UInt256.TryParse(text, out _) | Units.TryParseCpc(text, out _)))
        { IsText = true };
        yield return new("hex", ["Hex.TryDecode"], ["0x00ff"u8.ToArray()],
            static bytes => Text(bytes, static text => Hex.TryDecode(text, out _) | Hex.TryDecode(text, new byte[4])))
        { IsText = true };
    }

    private static Decoded Text(byte[] bytes, Func<string, bool> read) => Decoded.If(read(Encoding.Latin1.GetString(bytes)));

    /// <summary>A reader whose refusal is a FormatException, as its documentation says.</summary>
    private static Decoded Formatted(byte[] bytes, Action<string> read)
    {
        try
        {
            read(Encoding.Latin1.GetString(bytes));
            return Decoded.Taken;
        }
        catch (FormatException)
        {
            return Decoded.Refused;
        }
    }

    private static byte[][] Keystores()
    {
        using PrivateKey key = SeedKeys.Key(1);
        byte[] document = KeystoreDocument.Encrypt(key, "a", ScryptCost.Development, SeedKeys.Entropy());
        byte[] iterated = Encoding.ASCII.GetBytes("""
            {"version":3,"id":"00000000-0000-4000-8000-000000000000","address":"5aaeb6053f3e94c9b9a09f33669435e7ef1beaed","crypto":{"cipher":"aes-128-ctr",
            "cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},"ciphertext":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
            "kdf":"pbkdf2","kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
            "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"}}
            """);
        return [document, iterated];
    }

    private static byte[] Abi() => Encoding.ASCII.GetBytes("""
        [{"type":"function","name":"f","stateMutability":"view","inputs":[{"name":"a","type":"tuple[]","components":[{"name":"b","type":"uint256"}]}],
        "outputs":[{"name":"","type":"bytes"}]},{"type":"event","name":"E","inputs":[{"name":"x","type":"address","indexed":true}]},
        {"type":"error","name":"Bad","inputs":[]}]
        """);

    private static byte[][] RequestTexts() => [CallText.ToArray(), LogsText.ToArray(), PlainText.ToArray(), SimulateText.ToArray(), TraceText.ToArray()];

    /// <summary>Methods that read arguments of every kind and answer with nothing.</summary>
    private static Dispatcher MakeDispatcher()
    {
        const ulong gasMax = 50_000_000;
        ChainRules rules = new()
        {
            GenesisHash = Hash256.Zero,
            ChainId = 41,
            PeriodMs = 1000,
            TimeoutMs = 1000,
            GasLimit = gasMax,
            BaseFeeFloor = UInt256.Zero,
            Limits = BlockLimits.Default,
            Committees = null!,
        };
        MethodTable methods = new();
        methods.Add("eth_call", a =>
        {
            CallArguments.Read(a, 0, rules, gasMax);
            a.Block(1);
            OverrideArguments.Read(a, 2);
            return Answered(a);
        });
        methods.Add("eth_getLogs", static a =>
        {
            Rpc.Methods.LogQuery.Read(a, 0);
            return Answered(a);
        });
        methods.Add("web3_sha3", static a =>
        {
            a.Address(0);
            a.Hash(1);
            a.Bytes(2);
            a.Quantity(3);
            a.Slot(3);
            a.Flag(4, false);
            a.Text(5);
            a.Block(6);
            return Answered(a);
        });
        methods.Add("eth_simulateV1", a =>
        {
            SimulateArguments.Read(a, 0, rules);
            a.Block(1);
            return Answered(a);
        });
        methods.Add("debug_traceCall", static a =>
        {
            TraceOptions.Read(a, 0);
            return Answered(a);
        });
        return new Dispatcher(methods, new RpcOptions(), NullLogger.Instance);
    }

    private static RpcAnswer Answered(RpcArguments arguments) => arguments.Fault is { } fault ? fault : RpcAnswer.Of(static json => json.WriteNullValue());

    private static Decoded Answer(byte[] bytes)
    {
        ValueTask<ArrayBufferWriter<byte>?> answering = Requests.AnswerAsync(bytes, CancellationToken.None);
        if (!answering.IsCompletedSuccessfully) throw new InvalidOperationException("a method that waits for nothing has answered at once");
        if (answering.Result is not { } answer) return Decoded.Taken;
        // The dispatcher turns what a method throws into this.
        if (answer.WrittenSpan.IndexOf("-32603"u8) >= 0) throw new InvalidOperationException("internal error: " + Encoding.UTF8.GetString(answer.WrittenSpan));
        return Decoded.If(answer.WrittenSpan.IndexOf("\"error\""u8) < 0);
    }
}
