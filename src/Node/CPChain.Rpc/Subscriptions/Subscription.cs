using CPChain.Rpc.Methods;

namespace CPChain.Rpc.Subscriptions;

/// <summary>What a client is told without asking.</summary>
internal enum SubscriptionKind { NewHeads, Logs, NewPendingTransactions, Syncing }

/// <summary>One eth_subscribe of one connection. It is told nothing before the client has the answer that names it.</summary>
internal sealed class Subscription(string id, SubscriptionKind kind, LogQuery? logs, bool isFull)
{
    private volatile bool _isActive;

    public string Id { get; } = id;

    public SubscriptionKind Kind { get; } = kind;

    /// <summary>Which logs; null for the other kinds.</summary>
    public LogQuery? Logs { get; } = logs;

    /// <summary>Whole transactions instead of their hashes.</summary>
    public bool IsFull { get; } = isFull;

    public bool IsActive => _isActive;

    public void Activate() => _isActive = true;
}
