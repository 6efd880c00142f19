using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>Anything that keeps a <see cref="ChainClient"/> from an answer.</summary>
public abstract class ChainClientException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The node could not be reached, or did not answer in time.</summary>
public sealed class NodeUnreachableException(Uri node, string reason, Exception? inner)
    : ChainClientException($"The node at {node} gives no answer: {reason}", inner);

/// <summary>What came back is not what JSON-RPC 2.0 or the method prescribes.</summary>
public sealed class BadAnswerException(string method, string reason, Exception? inner = null)
    : ChainClientException($"The answer to {method} is not understood: {reason}", inner);

/// <summary>The node refused: a JSON-RPC error object.</summary>
public sealed class RpcException(string method, int code, string message, byte[]? data)
    : ChainClientException($"{method} was refused: {message} ({code})")
{
    /// <summary>The JSON-RPC or Ethereum error code; 3 is a revert.</summary>
    public int Code { get; } = code;

    /// <summary>The node's own words.</summary>
    public string NodeMessage { get; } = message;

    /// <summary>Revert data, where the node gave any.</summary>
    public byte[]? ErrorData { get; } = data;
}

/// <summary>A transaction is in a block and failed.</summary>
public sealed class TransactionFailedException(Hash256 hash, ulong blockNumber, string reason, ContractError? error = null)
    : ChainClientException($"The transaction {hash} failed in block {blockNumber}: {reason}")
{
    public Hash256 TransactionHash { get; } = hash;

    /// <summary>The name of the contract's error or its text, as far as it could be found out.</summary>
    public string Reason { get; } = reason;

    /// <summary>The contract's error, decoded; null when it could not be found out.</summary>
    public ContractError? Error { get; } = error;
}

/// <summary>No receipt within the time given; the transaction may still come into a block.</summary>
public sealed class ReceiptTimeoutException(Hash256 hash, TimeSpan waited)
    : ChainClientException($"The transaction {hash} is in no block after {waited.TotalSeconds:0} s.")
{
    public Hash256 TransactionHash { get; } = hash;
}
