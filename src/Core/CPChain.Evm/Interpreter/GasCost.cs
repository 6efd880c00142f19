namespace CPChain.Evm.Interpreter;

/// <summary>Gas of operations (Yellow Paper, appendix G, as changed by EIP-2929, EIP-3529, EIP-3860).</summary>
internal static class GasCost
{
    internal const long ColdAccount = 2600, ColdSlot = 2100, WarmAccess = 100;
    internal const long SstoreSet = 20_000, SstoreReset = 2900, SstoreSentry = 2300;
    internal const long SstoreResetFlat = 5000, SstoreDirtyNet = 200, SstoreDirtyGuarded = 800;
    internal const ulong ClearRefund = 4800, ClearRefundBerlin = 15_000, SelfDestructRefundBerlin = 24_000;
    internal const long CallValue = 9000, CallStipend = 2300, NewAccount = 25_000;
    internal const long Create = 32_000, InitCodeWord = 2, CodeByte = 200, SelfDestruct = 5000;
    internal const long Keccak = 30, KeccakWord = 6, CopyWord = 3, Exp = 10;
    internal const long Log = 375, LogTopic = 375, LogByte = 8;

    internal static long Words(ulong bytes) => (long)((bytes + 31) >> 5);
}
