using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using CPChain.Chain;
using CPChain.Ledger;
using CPChain.Ledger.Logs;
using CPChain.Rpc.Json;
using CPChain.Rpc.Methods;
using CPChain.TxPool;

namespace CPChain.Rpc.Subscriptions;

/// <summary>
/// Tells subscribers of new blocks, logs and pool transactions. The chain's own threads only put what happened in line; one reader makes the
/// messages. Blocks are final when they are told, so nothing is ever taken back.
/// </summary>
internal sealed class SubscriptionFeed : IAsyncDisposable
{
    /// <summary>Announcements of pool transactions in line; beyond it the oldest are not told.</summary>
    private const int AnnouncementsMax = 4_096;

    private readonly RpcNode _node;
    private readonly RpcOptions _options;
    private readonly IDisposable _blocks;
    private readonly Task _telling;
    private readonly ConcurrentDictionary<Subscriber, bool> _subscribers = new();
    private readonly Channel<FinalizedBlock> _final = Channel.CreateUnbounded<FinalizedBlock>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly Channel<NewTransactions> _fresh = Channel.CreateBounded<NewTransactions>(
        new BoundedChannelOptions(AnnouncementsMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private bool _wasSyncing;

    public SubscriptionFeed(RpcNode node, RpcOptions options)
    {
        (_node, _options) = (node, options);
        _blocks = node.Chain.Source.SubscribeFinalized(OnFinal);
        node.Pool.Accepted += OnAccepted;
        _telling = Task.WhenAll(TellBlocksAsync(), TellTransactionsAsync());
    }

    public void Join(Subscriber subscriber) => _subscribers.TryAdd(subscriber, true);

    public void Leave(Subscriber subscriber) => _subscribers.TryRemove(subscriber, out _);

    public async ValueTask DisposeAsync()
    {
        _blocks.Dispose();
        _node.Pool.Accepted -= OnAccepted;
        _final.Writer.TryComplete();
        _fresh.Writer.TryComplete();
        await _telling.ConfigureAwait(false);
    }

    private void OnFinal(FinalizedBlock final)
    {
        if (!_subscribers.IsEmpty) _final.Writer.TryWrite(final);
    }

    private void OnAccepted(NewTransactions fresh)
    {
        if (!_subscribers.IsEmpty) _fresh.Writer.TryWrite(fresh);
    }

    private async Task TellBlocksAsync()
    {
        await foreach (FinalizedBlock final in _final.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            foreach (Subscriber subscriber in _subscribers.Keys) Tell(subscriber, final);
            bool isSyncing = ChainMethods.IsSyncing(_node);
            if (isSyncing == _wasSyncing) continue;
            _wasSyncing = isSyncing;
            TellAll(SubscriptionKind.Syncing, json => ChainMethods.WriteSyncing(json, _node));
        }
    }

    private async Task TellTransactionsAsync()
    {
        await foreach (NewTransactions fresh in _fresh.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            foreach (Subscriber subscriber in _subscribers.Keys)
            {
                foreach (Subscription subscription in subscriber.Of(SubscriptionKind.NewPendingTransactions))
                {
                    foreach (Transaction transaction in fresh.Transactions)
                    {
                        subscriber.Notify(subscription, json => Write(json, transaction, subscription.IsFull));
                    }
                }
            }
        }
    }

    private void TellAll(SubscriptionKind kind, Action<Utf8JsonWriter> write)
    {
        foreach (Subscriber subscriber in _subscribers.Keys)
            foreach (Subscription subscription in subscriber.Of(kind)) subscriber.Notify(subscription, write);
    }

    private void Tell(Subscriber subscriber, FinalizedBlock final)
    {
        foreach (Subscription subscription in subscriber.Of(SubscriptionKind.NewHeads))
        {
            subscriber.Notify(subscription, json =>
            {
                json.WriteStartObject();
                BlockJson.WriteHeader(json, final.Block, _node.Chain.Form);
                json.WriteEndObject();
            });
        }
        foreach (Subscription subscription in subscriber.Of(SubscriptionKind.Logs))
        {
            LogFilter filter = subscription.Logs!.Over(final.Block.Header.Number, final.Block.Header.Number, _options);
            foreach (FoundLog log in ReceiptJson.LogsOf(final.Block, final.Receipts))
            {
                if (filter.Matches(log.Log)) subscriber.Notify(subscription, json => ReceiptJson.WriteLog(json, log));
            }
        }
    }

    private static void Write(Utf8JsonWriter json, Transaction transaction, bool isFull)
    {
        if (isFull) TransactionJson.Write(json, transaction, place: null);
        else json.WriteStringValue(transaction.Hash.ToString());
    }
}
