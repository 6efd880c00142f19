using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Sdk;
using CPChain.Sdk.Abi;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Contracts.Tests.World;

/// <summary>What a call did: its values when it succeeded, the contract's error in words when not; gas without that of the transaction itself.</summary>
internal sealed record Done(bool Success, string Reason, object[] Values, IReadOnlyList<ContractEvent> Events, ulong GasUsed)
{
    public ContractEvent Event(string name) => Events.Single(e => e.Event.Name == name);
}

/// <summary>
/// The contracts of the economy as genesis places them, with the numbers of the main network, in this project's machine. Each
/// call is a block of its own; the test sets number and time of the next one. The billion coins are checked after every call.
/// </summary>
internal sealed class EconomyWorld : IDisposable
{
    public const ulong Origin = 1_800_000_000, TermBlocks = 36, PeriodSeconds = 10, Minute = 60, Day = 86_400;
    public const ulong Raising = 3 * Day, Locked = 84 * Day, Settling = 3 * Day, Season = 90 * Day;

    private const ulong CallGas = 16_000_000;

    private static readonly EvmMachine s_machineOfViews = new(EvmRules.Osaka);
    private static readonly Lock s_viewing = new();

    private readonly EvmMachine _machine = new(EvmRules.Osaka);
    private readonly StateOverlay _state = new(EmptyState.Instance);
    private readonly AnvilMirror? _anvil = AnvilMirror.Start(Origin);
    private ulong _lastNumber;
    private ulong _lastTime = Origin;

    /// <param name="change">Made to block 0 before the first call.</param>
    /// <param name="genesis">What block 0 is made from; <see cref="Main"/> by default.</param>
    public EconomyWorld(Action<EconomyWorld>? change = null, EconomyGenesis? genesis = null)
    {
        foreach (GenesisAccount account in (genesis ?? Main).Accounts()) Place(account);
        SetCode(Sys.CpuVerifier, Verifiers.Cpu);
        SetCode(Sys.MemoryVerifier, Verifiers.Memory);
        SetCode(Sys.EvidenceVerifier, Verifiers.Evidence);
        change?.Invoke(this);
        UInt256 others = Supply() - Balance(Bank);
        Endow(Bank, Cpc(1_000_000_000) - others);
    }

    /// <summary>Who holds all coins that nobody else has.</summary>
    public static Address Bank { get; } = Actor(9_999);

    /// <summary>Validators of genesis.</summary>
    public static Address[] Validators { get; } = [.. Enumerable.Range(7_000, 4).Select(Actor)];

    /// <summary>Listed in genesis.</summary>
    public static Address DefaultProposer { get; } = Actor(8_000);

    /// <summary>Has the team's share, vested in four batches.</summary>
    public static Address Team { get; } = Actor(8_100);

    /// <summary>Gets the Foundation's part of fees.</summary>
    public static Address Foundation { get; } = Actor(8_200);

    /// <summary>A block 0 with the numbers of the main network.</summary>
    public static EconomyGenesis Main { get; } = new()
    {
        Parameters = DporParameters.Main,
        Settings = EconomySettings.Main,
        OriginSeconds = Origin,
        Validators = [.. Validators.Select(static one => new GenesisValidator(one))],
        DefaultProposers = [DefaultProposer],
        Foundation = Foundation,
        Distribution = EconomyDistribution.Paper(Team, [], Bank),
    };

    /// <summary>A block 0 with the short profile of D3.</summary>
    public static EconomyGenesis Short { get; } = Main with { Parameters = DporParameters.Short, Settings = EconomySettings.Short };

    /// <summary>Whether every world has an anvil beside it.</summary>
    public static bool IsMirrored => AnvilMirror.IsThere;

    /// <summary>Number of the next block.</summary>
    public ulong Number { get; private set; } = 1;

    /// <summary>Time of the next block, Unix seconds.</summary>
    public ulong Now { get; private set; } = Origin + PeriodSeconds;

    public ulong Term => (Number - 1) / TermBlocks;

    /// <summary>An account without code.</summary>
    public static Address Actor(int index) => Address.FromUInt256((UInt256.One << 159) + new UInt256((ulong)index));

    public static UInt256 Cpc(ulong whole) => Units.Cpc * whole;

    /// <summary>The next block has this time.</summary>
    public EconomyWorld At(ulong seconds)
    {
        Now = seconds;
        return this;
    }

    /// <summary>The next block has this number, and the time at which blocks without a break bring it.</summary>
    public EconomyWorld AtBlock(ulong number)
    {
        Now += (number - Number) * PeriodSeconds;
        Number = number;
        return this;
    }

    public EconomyWorld AtTerm(ulong term) => AtBlock(term * TermBlocks + 1);

    public UInt256 Balance(Address account) => _state.GetBalance(account);

    public UInt256 Word(Address contract, UInt256 slot) => _state.GetStorage(contract, slot);

    /// <summary>Hash of a block that is over.</summary>
    public Hash256 HashOf(ulong number)
    {
        Assert.True(number < Number);
        return _anvil?.HashOf(number) ?? OwnHash(number);
    }

    /// <summary>Gives an account coins of the bank.</summary>
    public void Fund(Address account, UInt256 amount) => Assert.True(Run(Bank, account, amount, [], out _).IsSuccess);

    /// <summary>Sends a call as the next block. The reason is read with the ABI of the called contract alone, as a user's program does.</summary>
    public Done Send(Address from, Contract contract, string function, params object[] arguments) =>
        Pay(from, UInt256.Zero, contract, function, arguments);

    public Done Pay(Address from, UInt256 value, Contract contract, string function, params object[] arguments) =>
        SendBytes(from, value, contract, contract.Abi.Function(function), contract.Abi.Function(function).EncodeCall(arguments));

    /// <summary>Sends call data as it is.</summary>
    public Done SendBytes(Address from, UInt256 value, Contract contract, AbiFunction function, byte[] data)
    {
        EvmResult result = Run(from, contract.Address, value, data, out IReadOnlyList<EvmLog> logs);
        return new Done(result.IsSuccess, result.IsSuccess ? "" : ReasonOf(contract, result),
            result.IsSuccess ? ValuesOf(function, result) : [],
            result.IsSuccess ? [.. logs.Where(l => l.Address == contract.Address).Select(l => Decode(contract, l))] : [],
            CallGas - result.GasLeft);
    }

    /// <summary>What a view answers in the next block; fails with its reason.</summary>
    public object[] View(Contract contract, string function, params object[] arguments)
    {
        EvmResult result = Try(default, contract, function, UInt256.Zero, arguments);
        Assert.True(result.IsSuccess, ReasonOf(contract, result));
        return ValuesOf(contract.Abi.Function(function), result);
    }

    public UInt256 Uint(Contract contract, string function, params object[] arguments) => (UInt256)View(contract, function, arguments)[0];

    /// <summary>The reason for which a call would fail in the next block, which is not made; empty when it would pass.</summary>
    public string Peek(Address from, Contract contract, string function, params object[] arguments) =>
        PeekPaying(from, UInt256.Zero, contract, function, arguments);

    public string PeekPaying(Address from, UInt256 value, Contract contract, string function, params object[] arguments)
    {
        EvmResult result = Try(from, contract, function, value, arguments);
        return result.IsSuccess ? "" : ReasonOf(contract, result);
    }

    /// <summary>Writes a word as genesis or the end-of-block step does.</summary>
    public void Write(Address contract, UInt256 slot, UInt256 value)
    {
        Change(() => _state.SetStorage(contract, slot, value));
        _anvil?.SetStorage(contract, slot, value);
    }

    public void SetCode(Address address, byte[] code)
    {
        Change(() => _state.SetCode(address, code));
        _anvil?.SetCode(address, code);
    }

    /// <summary>Coins of genesis.</summary>
    public void Endow(Address account, UInt256 amount)
    {
        Change(() => _state.SetBalance(account, amount));
        _anvil?.SetBalance(account, amount);
    }

    /// <summary>As the end-of-block step does at a draw: the account has a seat in this term.</summary>
    public void Elect(Address account, ulong term) => Write(Sys.Dpor.Address, Slots.Of(account, new UInt256(6UL)), term + 1);

    public UInt256 Supply() => _state.Collect().Accounts.Aggregate(UInt256.Zero, (sum, a) => sum + (a.After?.Balance ?? UInt256.Zero));

    public void Dispose()
    {
        _anvil?.Compare(_state, [.. Sys.All.Select(c => c.Address), Bank, Team, .. Enumerable.Range(0, 40).Select(Actor)]);
        _anvil?.Dispose();
    }

    private void Change(Action change)
    {
        _state.BeginTransaction();
        change();
        _state.EndTransaction(clearsEmpty: false);
    }

    private EvmResult Run(Address from, Address to, UInt256 value, byte[] data, out IReadOnlyList<EvmLog> logs)
    {
        Assert.True(Number > _lastNumber && Now >= _lastTime + (Number - _lastNumber), "blocks go forward");
        _state.BeginTransaction();
        EvmResult result = _machine.Execute(EvmMessage.Call(from, to, value, data, CallGas), _state, Context(), new TxContext(from, UInt256.Zero));
        // Bytes of the output lie in the machine, which is used again.
        result = result with { Output = result.Output.ToArray() };
        logs = [.. _state.TakeLogs()];
        _state.EndTransaction(clearsEmpty: false);
        _anvil?.Send(Number, Now, from, to, value, data, CallGas, result, logs);
        Assert.Equal(Cpc(1_000_000_000), Supply());
        (_lastNumber, _lastTime) = (Number, Now);
        Number++;
        Now += PeriodSeconds;
        return result;
    }

    private EvmResult Try(Address from, Contract contract, string function, UInt256 value, object[] arguments)
    {
        StateOverlay tried = new(_state);
        tried.BeginTransaction();
        byte[] data = contract.Abi.Function(function).EncodeCall(arguments);
        lock (s_viewing)
        {
            EvmResult result = s_machineOfViews.Execute(
                EvmMessage.Call(from, contract.Address, value, data, CallGas), tried, Context(), new TxContext(from, UInt256.Zero));
            return result with { Output = result.Output.ToArray() };
        }
    }

    private BlockContext Context() => new()
    {
        Number = Number,
        Timestamp = Now,
        Coinbase = Address.Zero,
        GasLimit = 1_000_000_000,
        BaseFee = UInt256.Zero,
        PrevRandao = Hash256.Zero,
        ChainId = 31_337,
        GetBlockHash = number => number == 0 ? OwnHash(0) : HashOf(number),
    };

    private void Place(GenesisAccount account)
    {
        Endow(account.Address, account.Balance);
        Change(() => _state.SetNonce(account.Address, account.Nonce));
        if (!account.Code.IsEmpty) SetCode(account.Address, account.Code.ToArray());
        foreach ((UInt256 slot, UInt256 value) in account.Storage) Write(account.Address, slot, value);
    }

    private static Hash256 OwnHash(ulong number) => Keccak256.Hash(new UInt256(number).ToBigEndian());

    private static object[] ValuesOf(AbiFunction function, EvmResult result)
    {
        Assert.True(function.TryDecodeOutput(result.Output.Span, out object[] values), $"{function.Name} returns {Hex.Encode(result.Output.Span)}");
        return values;
    }

    private static string ReasonOf(Contract contract, EvmResult result) =>
        result.Status == EvmStatus.Revert ? contract.ReasonOf(result.Output.Span) : result.Status.ToString();

    private static ContractEvent Decode(Contract contract, EvmLog log)
    {
        AbiEvent found = contract.Abi.EventByTopic(log.Topics[0])!;
        Assert.True(found.TryDecode(log.Topics, log.Data.Span, out object[] values));
        return new ContractEvent(found, values, new LogInfo(log.Address, log.Topics, log.Data.ToArray(), 0, default, 0));
    }
}
