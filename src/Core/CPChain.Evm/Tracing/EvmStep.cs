using CPChain.Types;

namespace CPChain.Evm;

/// <summary>The machine just before an opcode runs; valid only during the call that brings it.</summary>
/// <param name="depth">Nesting, 0 for the outermost code.</param>
/// <param name="pc">Offset of the opcode in the code.</param>
/// <param name="opcode">The opcode.</param>
/// <param name="gasLeft">Gas before the opcode is paid.</param>
/// <param name="refund">Refund counter.</param>
public readonly ref struct EvmStep(int depth, int pc, byte opcode, ulong gasLeft, ulong refund)
{
    /// <summary>Nesting, 0 for the outermost code.</summary>
    public int Depth { get; } = depth;

    /// <summary>Offset of the opcode in the code.</summary>
    public int Pc { get; } = pc;

    /// <summary>The opcode, 0xfe where the rule set lacks the one in the code.</summary>
    public byte Opcode { get; } = opcode;

    /// <summary>Gas before the opcode is paid.</summary>
    public ulong GasLeft { get; } = gasLeft;

    /// <summary>Refund counter.</summary>
    public ulong Refund { get; } = refund;

    /// <summary>Account whose storage the code works on.</summary>
    public Address Self { get; init; }

    /// <summary>The stack, its top last.</summary>
    public ReadOnlySpan<UInt256> Stack { get; init; }

    /// <summary>The active memory.</summary>
    public ReadOnlySpan<byte> Memory { get; init; }

    /// <summary>What the last call returned.</summary>
    public ReadOnlySpan<byte> ReturnData { get; init; }
}
