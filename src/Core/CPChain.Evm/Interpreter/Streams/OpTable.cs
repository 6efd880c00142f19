namespace CPChain.Evm.Interpreter.Streams;

/// <summary>What each opcode takes from and leaves on the stack, and the gas that it always costs. Gas that a helper
/// charges itself, or that depends on operands, is not in the table.</summary>
internal static class OpTable
{
    private const byte EndsBlockFlag = 1;
    private const byte UnknownFlag = 2;

    private static readonly byte[] Takes = new byte[256];
    private static readonly byte[] Leaves = new byte[256];
    private static readonly byte[] Costs = new byte[256];
    private static readonly byte[] Flags = new byte[256];

    static OpTable()
    {
        Array.Fill(Flags, UnknownFlag);
        Row(2, 1, 3, Op.Add, Op.Sub, Op.Lt, Op.Gt, Op.Slt, Op.Sgt, Op.Eq, Op.And, Op.Or, Op.Xor, Op.Byte, Op.Shl, Op.Shr, Op.Sar);
        Row(2, 1, 5, Op.Mul, Op.Div, Op.Sdiv, Op.Mod, Op.Smod, Op.Signextend);
        Row(3, 1, 8, Op.Addmod, Op.Mulmod);
        Row(2, 1, 0, Op.Exp, Op.Keccak256);
        Row(1, 1, 3, Op.Iszero, Op.Not, Op.Calldataload, Op.Mload, Op.Blobhash);
        Row(1, 1, 5, Op.Clz);
        Row(0, 1, 2, Op.Address, Op.Origin, Op.Caller, Op.Callvalue, Op.Calldatasize, Op.Codesize, Op.Gasprice,
            Op.Returndatasize, Op.Coinbase, Op.Timestamp, Op.Number, Op.Prevrandao, Op.Gaslimit, Op.Chainid, Op.Basefee,
            Op.Blobbasefee, Op.Pc, Op.Msize, Op.Gas, Op.Push0);
        Row(0, 1, 5, Op.Selfbalance);
        Row(1, 1, 0, Op.Balance, Op.Extcodesize, Op.Extcodehash, Op.Sload);
        Row(3, 0, 0, Op.Calldatacopy, Op.Codecopy, Op.Returndatacopy, Op.Mcopy);
        Row(4, 0, 0, Op.Extcodecopy);
        Row(1, 1, 20, Op.Blockhash);
        Row(1, 0, 2, Op.Pop);
        Row(2, 0, 3, Op.Mstore, Op.Mstore8);
        Row(2, 0, 0, Op.Sstore, Op.Return, Op.Revert);
        Row(1, 0, 8, Op.Jump);
        Row(2, 0, 10, Op.Jumpi);
        Row(0, 0, 1, Op.Jumpdest);
        Row(1, 1, (byte)GasCost.WarmAccess, Op.Tload);
        Row(2, 0, (byte)GasCost.WarmAccess, Op.Tstore);
        for (byte n = 0; n < 32; n++) Row(0, 1, 3, (byte)(Op.Push1 + n));
        for (byte n = 1; n <= 16; n++)
        {
            Row(n, (byte)(n + 1), 3, (byte)(Op.Dup1 + n - 1));
            Row((byte)(n + 1), (byte)(n + 1), 3, (byte)(Op.Swap1 + n - 1));
        }

        for (byte n = 0; n <= 4; n++) Row((byte)(n + 2), 0, 0, (byte)(Op.Log0 + n));
        Row(3, 1, 0, Op.Create);
        Row(4, 1, 0, Op.Create2);
        Row(7, 1, 0, Op.Call, Op.Callcode);
        Row(6, 1, 0, Op.Delegatecall, Op.Staticcall);
        Row(1, 0, 0, Op.Selfdestruct);
        Row(0, 0, 0, Op.Stop);

        // After these comes another block: they see the gas that is left, move elsewhere, or end the frame.
        foreach (byte opcode in (ReadOnlySpan<byte>)
        [
            Op.Stop, Op.Jump, Op.Jumpi, Op.Gas, Op.Sstore, Op.Create, Op.Create2, Op.Call, Op.Callcode, Op.Delegatecall,
            Op.Staticcall, Op.Return, Op.Revert, Op.Selfdestruct,
        ])
        {
            Flags[opcode] |= EndsBlockFlag;
        }
    }

    internal static int TakesOf(byte opcode) => Takes[opcode];

    internal static int LeavesOf(byte opcode) => Leaves[opcode];

    internal static int CostOf(byte opcode) => Costs[opcode];

    /// <summary>Whether the opcode is the last one of its block; true also for what no rule set defines.</summary>
    internal static bool EndsBlock(byte opcode) => Flags[opcode] != 0;

    private static void Row(byte takes, byte leaves, byte cost, params ReadOnlySpan<byte> opcodes)
    {
        foreach (byte opcode in opcodes)
        {
            (Takes[opcode], Leaves[opcode], Costs[opcode], Flags[opcode]) = (takes, leaves, cost, 0);
        }
    }
}
