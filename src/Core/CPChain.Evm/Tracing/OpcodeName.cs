using System.Globalization;
using CPChain.Evm.Interpreter;

namespace CPChain.Evm;

/// <summary>Opcodes as Ethereum's tools write them.</summary>
public static class OpcodeName
{
    private static readonly string[] s_names = [.. Enumerable.Range(0, 256).Select(static code => NameOf((byte)code))];

    /// <summary>The mnemonic; one that no rule set defines says so.</summary>
    public static string Of(byte opcode) => s_names[opcode];

    private static string NameOf(byte code) => code switch
    {
        >= Op.Push0 and <= Op.Push32 => "PUSH" + Number(code - Op.Push0),
        >= Op.Dup1 and <= Op.Dup16 => "DUP" + Number(code - Op.Dup1 + 1),
        >= Op.Swap1 and <= Op.Swap16 => "SWAP" + Number(code - Op.Swap1 + 1),
        >= Op.Log0 and <= Op.Log4 => "LOG" + Number(code - Op.Log0),
        _ => Single(code) ?? string.Create(CultureInfo.InvariantCulture, $"opcode 0x{code:x} not defined"),
    };

    private static string? Single(byte code) => code switch
    {
        Op.Stop => "STOP",
        Op.Add => "ADD",
        Op.Mul => "MUL",
        Op.Sub => "SUB",
        Op.Div => "DIV",
        Op.Sdiv => "SDIV",
        Op.Mod => "MOD",
        Op.Smod => "SMOD",
        Op.Addmod => "ADDMOD",
        Op.Mulmod => "MULMOD",
        Op.Exp => "EXP",
        Op.Signextend => "SIGNEXTEND",
        Op.Lt => "LT",
        Op.Gt => "GT",
        Op.Slt => "SLT",
        Op.Sgt => "SGT",
        Op.Eq => "EQ",
        Op.Iszero => "ISZERO",
        Op.And => "AND",
        Op.Or => "OR",
        Op.Xor => "XOR",
        Op.Not => "NOT",
        Op.Byte => "BYTE",
        Op.Shl => "SHL",
        Op.Shr => "SHR",
        Op.Sar => "SAR",
        Op.Clz => "CLZ",
        Op.Keccak256 => "KECCAK256",
        Op.Address => "ADDRESS",
        Op.Balance => "BALANCE",
        Op.Origin => "ORIGIN",
        Op.Caller => "CALLER",
        Op.Callvalue => "CALLVALUE",
        Op.Calldataload => "CALLDATALOAD",
        Op.Calldatasize => "CALLDATASIZE",
        Op.Calldatacopy => "CALLDATACOPY",
        Op.Codesize => "CODESIZE",
        Op.Codecopy => "CODECOPY",
        Op.Gasprice => "GASPRICE",
        Op.Extcodesize => "EXTCODESIZE",
        Op.Extcodecopy => "EXTCODECOPY",
        Op.Returndatasize => "RETURNDATASIZE",
        Op.Returndatacopy => "RETURNDATACOPY",
        Op.Extcodehash => "EXTCODEHASH",
        Op.Blockhash => "BLOCKHASH",
        Op.Coinbase => "COINBASE",
        Op.Timestamp => "TIMESTAMP",
        Op.Number => "NUMBER",
        // The name from before EIP-4399: what go-ethereum's traces still say.
        Op.Prevrandao => "DIFFICULTY",
        Op.Gaslimit => "GASLIMIT",
        Op.Chainid => "CHAINID",
        Op.Selfbalance => "SELFBALANCE",
        Op.Basefee => "BASEFEE",
        Op.Blobhash => "BLOBHASH",
        Op.Blobbasefee => "BLOBBASEFEE",
        Op.Pop => "POP",
        Op.Mload => "MLOAD",
        Op.Mstore => "MSTORE",
        Op.Mstore8 => "MSTORE8",
        Op.Sload => "SLOAD",
        Op.Sstore => "SSTORE",
        Op.Jump => "JUMP",
        Op.Jumpi => "JUMPI",
        Op.Pc => "PC",
        Op.Msize => "MSIZE",
        Op.Gas => "GAS",
        Op.Jumpdest => "JUMPDEST",
        Op.Tload => "TLOAD",
        Op.Tstore => "TSTORE",
        Op.Mcopy => "MCOPY",
        Op.Create => "CREATE",
        Op.Call => "CALL",
        Op.Callcode => "CALLCODE",
        Op.Return => "RETURN",
        Op.Delegatecall => "DELEGATECALL",
        Op.Create2 => "CREATE2",
        Op.Staticcall => "STATICCALL",
        Op.Revert => "REVERT",
        Op.Invalid => "INVALID",
        Op.Selfdestruct => "SELFDESTRUCT",
        _ => null,
    };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
