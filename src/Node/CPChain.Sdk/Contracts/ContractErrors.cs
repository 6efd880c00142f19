using CPChain.Sdk.Abi;
using CPChain.Types;

namespace CPChain.Sdk.Contracts;

/// <summary>Why a contract reverted, decoded. Generated contracts add a record for each error that they declare.</summary>
public abstract record ContractError
{
    private static readonly ContractAbi s_plain = ContractAbi.Parse(
        """
        [{"type":"error","name":"Error","inputs":[{"name":"reason","type":"string"}]},
         {"type":"error","name":"Panic","inputs":[{"name":"code","type":"uint256"}]}]
        """);

    /// <summary>What every Solidity contract may revert with; null for another contract's own error.</summary>
    public static ContractError? DecodePlain(ReadOnlySpan<byte> revertData)
    {
        if (revertData.IsEmpty) return new EmptyRevert();
        if (s_plain.ErrorOf(revertData) is not { } error || !error.TryDecode(revertData, out object[] values)) return null;
        return error.Name == "Error" ? new TextRevert((string)values[0]) : new PanicRevert((UInt256)values[0]);
    }
}

/// <summary><c>require</c> or <c>revert</c> with a text.</summary>
public sealed record TextRevert(string Message) : ContractError
{
    public override string ToString() => Message;
}

/// <summary>A check that the compiler has put in failed.</summary>
public sealed record PanicRevert(UInt256 Code) : ContractError
{
    public override string ToString() => $"Panic({Code}): {Meaning}";

    /// <summary>The meaning of the code (Solidity documentation, "Panic via assert and Error via require").</summary>
    public string Meaning => Code.ToUlongSaturating() switch
    {
        0x01 => "an assertion failed",
        0x11 => "arithmetic overflow",
        0x12 => "division by zero",
        0x21 => "a number is no member of its enum",
        0x22 => "stored bytes are wrongly encoded",
        0x31 => "pop of an empty array",
        0x32 => "an index is out of bounds",
        0x41 => "too much memory",
        0x51 => "a call of an uninitialised function",
        _ => "an unknown check failed",
    };
}

/// <summary>It reverted without data.</summary>
public sealed record EmptyRevert : ContractError
{
    public override string ToString() => "it reverted without a reason";
}

/// <summary>An error that the ABI at hand does not declare.</summary>
public sealed record UnknownRevert(byte[] Data) : ContractError
{
    public override string ToString() => Hex.Encode(Data);
}

/// <summary>A contract would revert; nothing was sent.</summary>
public sealed class ContractRefusalException(string function, string reason, byte[] data, ContractError? error = null)
    : ChainClientException($"{function} is refused by the contract: {reason}")
{
    /// <summary>The name and values of the contract's error.</summary>
    public string Reason { get; } = reason;

    /// <summary>The revert data.</summary>
    public byte[] RevertData { get; } = data;

    /// <summary>The error, decoded: a record of a generated contract, or one that every contract may have.</summary>
    public ContractError Error { get; } = error ?? ContractError.DecodePlain(data) ?? new UnknownRevert(data);
}
