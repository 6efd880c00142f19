using CPChain.Types;

namespace CPChain.Evm;

/// <summary>A call, creation or self-destruction at its begin; valid only during the call that brings it.</summary>
/// <param name="kind">The opcode that asks for it.</param>
/// <param name="depth">Nesting, 0 for the outermost.</param>
public readonly ref struct EvmCall(EvmCallKind kind, int depth)
{
    /// <summary>The opcode that asks for it.</summary>
    public EvmCallKind Kind { get; } = kind;

    /// <summary>Nesting, 0 for the outermost.</summary>
    public int Depth { get; } = depth;

    /// <summary>The account whose code asks; the sender for the outermost.</summary>
    public Address From { get; init; }

    /// <summary>Whose code is to run, the new contract, or who inherits.</summary>
    public Address To { get; init; }

    /// <summary>Base units that go along; for a delegated call those that its caller got.</summary>
    public UInt256 Value { get; init; }

    /// <summary>Gas of the callee, the stipend included.</summary>
    public ulong Gas { get; init; }

    /// <summary>Gas that stays with the caller meanwhile; 0 for the outermost.</summary>
    public ulong GasOfCaller { get; init; }

    /// <summary>Call data, or init code.</summary>
    public ReadOnlySpan<byte> Input { get; init; }
}
