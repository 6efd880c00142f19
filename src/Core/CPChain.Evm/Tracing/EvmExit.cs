namespace CPChain.Evm;

/// <summary>How what was entered last ended; valid only during the call that brings it.</summary>
/// <param name="depth">Nesting, 0 for the outermost.</param>
/// <param name="status">How it ended.</param>
public readonly ref struct EvmExit(int depth, EvmStatus status)
{
    /// <summary>Nesting, 0 for the outermost.</summary>
    public int Depth { get; } = depth;

    /// <summary>How it ended.</summary>
    public EvmStatus Status { get; } = status;

    /// <summary>Gas that goes back to the caller.</summary>
    public ulong GasLeft { get; init; }

    /// <summary>Gas when the last opcode had run, before created code was paid; negative where the last opcode asked for
    /// more than there was. The same as <see cref="GasLeft"/> where no code ran.</summary>
    public long GasAfterCode { get; init; }

    /// <summary>Return data, created code, or the reason of a revert.</summary>
    public ReadOnlySpan<byte> Output { get; init; }
}
