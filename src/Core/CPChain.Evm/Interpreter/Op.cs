namespace CPChain.Evm.Interpreter;

/// <summary>Opcode numbers (Yellow Paper, appendix H, and the EIPs that added to it).</summary>
internal static class Op
{
    internal const byte Stop = 0x00, Add = 0x01, Mul = 0x02, Sub = 0x03, Div = 0x04, Sdiv = 0x05, Mod = 0x06, Smod = 0x07,
        Addmod = 0x08, Mulmod = 0x09, Exp = 0x0a, Signextend = 0x0b;

    internal const byte Lt = 0x10, Gt = 0x11, Slt = 0x12, Sgt = 0x13, Eq = 0x14, Iszero = 0x15, And = 0x16, Or = 0x17,
        Xor = 0x18, Not = 0x19, Byte = 0x1a, Shl = 0x1b, Shr = 0x1c, Sar = 0x1d, Clz = 0x1e, Keccak256 = 0x20;

    internal const byte Address = 0x30, Balance = 0x31, Origin = 0x32, Caller = 0x33, Callvalue = 0x34,
        Calldataload = 0x35, Calldatasize = 0x36, Calldatacopy = 0x37, Codesize = 0x38, Codecopy = 0x39, Gasprice = 0x3a,
        Extcodesize = 0x3b, Extcodecopy = 0x3c, Returndatasize = 0x3d, Returndatacopy = 0x3e, Extcodehash = 0x3f;

    internal const byte Blockhash = 0x40, Coinbase = 0x41, Timestamp = 0x42, Number = 0x43, Prevrandao = 0x44,
        Gaslimit = 0x45, Chainid = 0x46, Selfbalance = 0x47, Basefee = 0x48, Blobhash = 0x49, Blobbasefee = 0x4a;

    internal const byte Pop = 0x50, Mload = 0x51, Mstore = 0x52, Mstore8 = 0x53, Sload = 0x54, Sstore = 0x55, Jump = 0x56,
        Jumpi = 0x57, Pc = 0x58, Msize = 0x59, Gas = 0x5a, Jumpdest = 0x5b, Tload = 0x5c, Tstore = 0x5d, Mcopy = 0x5e,
        Push0 = 0x5f;

    internal const byte Push1 = 0x60, Push2 = 0x61, Push3 = 0x62, Push8 = 0x67, Push9 = 0x68, Push16 = 0x6f, Push17 = 0x70,
        Push24 = 0x77, Push25 = 0x78, Push32 = 0x7f, Dup1 = 0x80, Dup16 = 0x8f, Swap1 = 0x90, Swap16 = 0x9f, Log0 = 0xa0,
        Log4 = 0xa4;

    internal const byte Create = 0xf0, Call = 0xf1, Callcode = 0xf2, Return = 0xf3, Delegatecall = 0xf4, Create2 = 0xf5,
        Staticcall = 0xfa, Revert = 0xfd, Invalid = 0xfe, Selfdestruct = 0xff;

    /// <summary>Whether the rule set lacks an opcode that a later one has.</summary>
    internal static bool IsMissing(byte opcode, EvmRules rules) => opcode switch
    {
        Returndatasize or Returndatacopy or Staticcall or Revert => !rules.HasReturnData,
        Shl or Shr or Sar or Create2 or Extcodehash => !rules.HasConstantinopleOpcodes,
        Chainid or Selfbalance => !rules.HasIstanbulChanges,
        Basefee => !rules.HasBaseFee,
        Push0 => !rules.HasPush0,
        Tload or Tstore => !rules.HasTransientStorage,
        Mcopy => !rules.HasMemoryCopy,
        Blobhash or Blobbasefee => !rules.HasBlobs,
        Clz => !rules.HasCountLeadingZeros,
        _ => false,
    };
}
