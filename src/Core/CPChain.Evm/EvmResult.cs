using CPChain.Types;

namespace CPChain.Evm;

/// <summary>How an execution ended. Everything but <see cref="Success"/> and <see cref="Revert"/> consumed all gas.</summary>
public enum EvmStatus
{
    /// <summary>Ended by STOP, RETURN, SELFDESTRUCT or the end of the code.</summary>
    Success,

    /// <summary>Ended by REVERT: state undone, gas left and output kept.</summary>
    Revert,

    /// <summary>The gas did not suffice.</summary>
    OutOfGas,

    /// <summary>An opcode that the rules do not define, or 0xfe.</summary>
    InvalidOpcode,

    /// <summary>An opcode found fewer operands than it takes.</summary>
    StackUnderflow,

    /// <summary>More than 1024 words on the stack.</summary>
    StackOverflow,

    /// <summary>A jump to something that is no JUMPDEST.</summary>
    BadJump,

    /// <summary>A change of state inside a static call.</summary>
    StaticViolation,

    /// <summary>RETURNDATACOPY beyond the end of the return data.</summary>
    ReturnDataOutOfBounds,

    /// <summary>More than 1024 nested calls.</summary>
    CallDepthExceeded,

    /// <summary>The caller cannot pay the value.</summary>
    InsufficientBalance,

    /// <summary>The address to create is taken (EIP-684, EIP-7610).</summary>
    CreateCollision,

    /// <summary>The nonce of the creator is at its maximum (EIP-2681).</summary>
    NonceOverflow,

    /// <summary>The created code is longer than 24,576 bytes (EIP-170).</summary>
    CodeTooLong,

    /// <summary>The created code begins with 0xef (EIP-3541).</summary>
    CodeBeginsWithEf,

    /// <summary>The init code is longer than 49,152 bytes (EIP-3860).</summary>
    InitCodeTooLong,

    /// <summary>A precompiled contract refused its input.</summary>
    PrecompileFailure,
}

/// <summary>Outcome of one <see cref="EvmMessage"/>.</summary>
/// <param name="Status">How it ended; a state change remains only with <see cref="EvmStatus.Success"/>.</param>
/// <param name="GasLeft">Gas not used, before refunds; the refund counter lies in <see cref="StateOverlay.Refund"/>.</param>
/// <param name="Output">Return data, or the reason of a revert.</param>
/// <param name="CreatedAddress">The new contract, where one was created.</param>
public readonly record struct EvmResult(
    EvmStatus Status, ulong GasLeft, ReadOnlyMemory<byte> Output, Address? CreatedAddress)
{
    /// <summary>Whether the state changes remain.</summary>
    public bool IsSuccess => Status == EvmStatus.Success;
}
