using System.Buffers;
using System.Collections.Immutable;
using CPChain.Evm.Interpreter;
using CPChain.Evm.Precompiles;
using CPChain.Types;

namespace CPChain.Evm;

/// <summary>Executes messages under one rule set. Keeps frames and analysed code for reuse, so an instance should live
/// long; it serves one thread at a time.</summary>
public sealed unsafe partial class EvmMachine
{
    /// <summary>Deepest nesting of calls below the outermost one.</summary>
    public const int CallDepthMax = 1024;

    /// <summary>Longest code of a contract (EIP-170).</summary>
    public const int CodeBytesMax = 24_576;

    /// <summary>Longest init code (EIP-3860).</summary>
    public const int InitCodeBytesMax = 2 * CodeBytesMax;

    /// <summary>Analysed code kept for reuse.</summary>
    private const int CodeCacheBytesMax = 32 << 20;

    private readonly CodeCache _codes;
    private readonly List<Frame> _frames = [];
    private IEvmTracer? _tracer;

    /// <summary>A machine for one rule set.</summary>
    /// <param name="rules">The rule set.</param>
    /// <param name="engine">How code is run; results do not depend on it.</param>
    public EvmMachine(EvmRules rules, EvmEngine engine = EvmEngine.Adaptive)
        : this(rules, engine, [], [])
    {
    }

    /// <summary>A machine with a chain's own precompiled contracts, some of all perhaps not where rule set and chain have them.</summary>
    public EvmMachine(
        EvmRules rules, EvmEngine engine, ImmutableArray<IPlatformPrecompile> platform, ImmutableArray<PrecompileMove> moves)
    {
        Rules = rules;
        Engine = engine;
        ExponentByteGas = rules.ExponentByteGas;
        Flat = rules.Flat;
        Platform = platform;
        Precompiles = new PrecompileSet(rules, platform, moves);
        _codes = new CodeCache(rules, CodeCacheBytesMax);
    }

    /// <summary>The rule set in force.</summary>
    public EvmRules Rules { get; }

    /// <summary>How code is run.</summary>
    public EvmEngine Engine { get; }

    /// <summary>Precompiled contracts beside those of the rule set.</summary>
    public ImmutableArray<IPlatformPrecompile> Platform { get; }

    internal PrecompileSet Precompiles { get; }

    internal long ExponentByteGas { get; }

    /// <summary>Prices of reads of state, null where they depend on what is warm.</summary>
    internal FlatGas? Flat { get; }

    internal KeccakMemo Hashes { get; } = new();

    internal StateOverlay State { get; private set; } = null!;

    internal BlockContext Block { get; private set; } = null!;

    internal TxContext Transaction { get; private set; } = null!;

    /// <summary>Whether the address is a precompiled contract, hence always warm.</summary>
    public bool IsPrecompile(in Address address) => Precompiles.Contains(address);

    /// <summary>Gas that heavy precompiled contracts may still take; without bound unless <see cref="BoundHeavyGas"/> sets one.</summary>
    public ulong HeavyGasLeft => Precompiles.HeavyGasLeft;

    /// <summary>
    /// Since the bound was set a heavy precompiled contract needed more than was left. It was not run and failed, as did all after it, so what was executed
    /// is of no use and the caller undoes it.
    /// </summary>
    public bool HasOverrunHeavyGas => Precompiles.HasOverrun;

    /// <summary>
    /// Lets heavy precompiled contracts (signature recovery, MODEXP, curves, BLAKE2, blobs, the chain's own; not hashes and copy) take this much gas from now on, in
    /// calls that are undone as well.
    /// </summary>
    public void BoundHeavyGas(ulong most) => Precompiles.BoundHeavyGas(most);

    /// <summary>Executes a message: moves the value, runs the code, undoes its changes unless it succeeds.</summary>
    /// <remarks>Fees, nonce of the sender, intrinsic gas, access list, warm sender, recipient and coinbase, refunds and
    /// the begin and end of the transaction belong to the caller.</remarks>
    public EvmResult Execute(
        in EvmMessage message, StateOverlay state, BlockContext block, TxContext transaction, IEvmTracer? tracer = null)
    {
        State = state;
        Block = block;
        Transaction = transaction;
        _tracer = tracer;

        // Gas is signed inside; what no block can hold is set aside.
        ulong aside = message.Gas > long.MaxValue ? message.Gas - long.MaxValue : 0;
        EvmResult result = message.IsCreate
            ? ExecuteCreate(message, (long)(message.Gas - aside))
            : ExecuteCall(message, (long)(message.Gas - aside));
        bool keepsGas = result.Status is EvmStatus.Success or EvmStatus.Revert or EvmStatus.InsufficientBalance;
        return keepsGas ? result with { GasLeft = result.GasLeft + aside } : result;
    }

    private EvmResult ExecuteCall(in EvmMessage message, long gas)
    {
        AccountCell caller = State.Cell(message.Caller);
        AccountCell target = State.Cell(message.Recipient);
        ReportEnter(message, gas);
        if (caller.Balance < message.Value) return EndWithoutCode(EvmStatus.InsufficientBalance, gas);

        int snapshot = State.Snapshot();
        Transfer(caller, target, message.Value);
        if (Precompiles.Contains(message.Recipient)) return ExecutePrecompile(message, gas, snapshot);

        AccountCell codeOwner = target;
        if (Delegate(target) is { } delegated)
        {
            State.WarmAccount(delegated);
            codeOwner = delegated;
        }

        if (!codeOwner.HasCode || (codeOwner != target && Precompiles.Contains(codeOwner.Address)))
        {
            return EndWithoutCode(EvmStatus.Success, gas);
        }

        using MemoryHandle input = message.Input.Pin();
        Frame frame = OutermostFrame(message, target, snapshot);
        frame.Input = (byte*)input.Pointer;
        frame.InputLength = message.Input.Length;
        frame.Start(CodeOf(codeOwner), gas);
        return Finish(Drive(frame), null);
    }

    private EvmResult ExecuteCreate(in EvmMessage message, long gas)
    {
        AccountCell creator = State.Cell(message.Caller);
        AccountCell created = State.Cell(message.Recipient);
        ReportEnter(message, gas);
        if (creator.Balance < message.Value) return EndWithoutCode(EvmStatus.InsufficientBalance, gas);
        State.WarmAccount(created);
        if (StateOverlay.IsTaken(created)) return EndWithoutCode(EvmStatus.CreateCollision, 0);

        int snapshot = State.Snapshot();
        BeginCreation(creator, created, message.Value);
        Frame frame = OutermostFrame(message, created, snapshot);
        frame.InputLength = 0;
        frame.Start(new CodeImage(message.Input, Rules), gas);
        return Finish(Drive(frame), message.Recipient);
    }

    private EvmResult ExecutePrecompile(in EvmMessage message, long gas, int snapshot)
    {
        ByteBuffer output = FrameAt(0).ReturnData;
        if (Precompiles.TryRun(message.Recipient, message.Input.Span, ref gas, output))
        {
            return EndWithoutCode(EvmStatus.Success, gas, output.Written.ToArray());
        }

        State.Revert(snapshot);
        return EndWithoutCode(EvmStatus.PrecompileFailure, 0);
    }

    private Frame OutermostFrame(in EvmMessage message, AccountCell self, int snapshot)
    {
        Frame frame = FrameAt(0);
        frame.Self = self;
        frame.Caller = message.Caller;
        frame.Value = message.Value;
        frame.IsStatic = false;
        frame.IsCreate = message.IsCreate;
        frame.Snapshot = snapshot;
        return frame;
    }

    private static EvmResult Finish(Frame frame, Address? created)
    {
        bool keepsOutput = frame.Status == EvmStatus.Revert || (frame.Status == EvmStatus.Success && !frame.IsCreate);
        byte[] output = keepsOutput ? frame.Output.ToArray() : [];
        EvmResult result = new(
            frame.Status, (ulong)frame.Gas, output, frame.Status == EvmStatus.Success ? created : null);
        frame.Release();
        return result;
    }
}
