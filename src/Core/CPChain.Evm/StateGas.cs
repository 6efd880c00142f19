namespace CPChain.Evm;

/// <summary>Gas of opcodes that look at state, each one price, as before EIP-2929.</summary>
/// <param name="Slot">SLOAD.</param>
/// <param name="Balance">BALANCE.</param>
/// <param name="Code">EXTCODESIZE and EXTCODECOPY.</param>
/// <param name="CodeHash">EXTCODEHASH.</param>
/// <param name="Call">The CALL family, value and memory aside.</param>
/// <param name="SelfDestruct">SELFDESTRUCT, a new account aside.</param>
public sealed record FlatGas(long Slot, long Balance, long Code, long CodeHash, long Call, long SelfDestruct);

/// <summary>How SSTORE is metered.</summary>
public enum StorageMetering
{
    /// <summary>Every store by itself, whatever the slot held when the transaction began.</summary>
    Gross,

    /// <summary>By the change over the transaction (EIP-1283).</summary>
    Net,

    /// <summary>The same, dearer, and never with the stipend of a call alone (EIP-2200).</summary>
    GuardedNet,

    /// <summary>The same with slots that are cold or warm (EIP-2929).</summary>
    ColdNet,
}
