namespace CPChain.Rpc.Protocol;

/// <summary>
/// Why a request has no result: JSON-RPC 2.0 section 5.1 and the Ethereum execution API's codes. Words as Ethereum tools
/// look for them.
/// </summary>
internal sealed record RpcFault(int Code, string Message, string? Data = null)
{
    public static RpcFault Parse { get; } = new(-32700, "parse error");

    public static RpcFault InvalidRequest { get; } = new(-32600, "invalid request");

    public static RpcFault BatchEmpty { get; } = new(-32600, "empty batch");

    public static RpcFault Internal { get; } = new(-32603, "internal error");

    public static RpcFault BatchTooLarge(int most) => new(-32600, $"batch too large: at most {most} requests");

    public static RpcFault AnswerTooLarge(int most) => new(-32003, $"response too large: at most {most} bytes");

    public static RpcFault MethodNotFound(string method) =>
        new(-32601, $"the method {(method.Length > 64 ? method[..64] : method)} does not exist/is not available");

    public static RpcFault Missing(int index) => new(-32602, $"missing value for required argument {index}");

    public static RpcFault Invalid(int index, string reason) => new(-32602, $"invalid argument {index}: {reason}");

    public static RpcFault TooManyArguments(int most) => new(-32602, $"too many arguments, want at most {most}");

    /// <summary>A request that is well formed and refused.</summary>
    public static RpcFault Server(string message) => new(-32000, message);

    public static RpcFault NoSuchBlock { get; } = new(-32000, "header not found");

    /// <summary>The state of that block is not kept any more.</summary>
    public static RpcFault NoState(ulong number) =>
        new(-32000, $"missing trie node: the state of block {number} is not kept; ask for a newer block");

    /// <summary>The state of that block is kept, but its trie would take too long to work out.</summary>
    public static RpcFault TrieTooFar(ulong number) => LimitExceeded(
        $"the trie of block {number} is not kept and too much changed since to work it out; ask for a newer block, or an archive node");

    /// <summary>The chain runs no elections (C10.2).</summary>
    public static RpcFault NoElections { get; } =
        new(-32020, "this chain has no elections: its proposers take turns by the list in its genesis; see cpc_committee");

    /// <summary>A term that the state asked for does not tell of; the words say which it does.</summary>
    public static RpcFault TermNotKnown(string message) => new(-32021, message);

    public static RpcFault LimitExceeded(string message) => new(-32005, message);

    /// <summary>A reverted call (EIP-1474 uses 3); the data is the revert data as hex.</summary>
    public static RpcFault Reverted(string message, string data) => new(3, message, data);
}
