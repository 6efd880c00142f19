using CPChain.Rpc.Protocol;
using CPChain.Rpc.Subscriptions;

namespace CPChain.Rpc.Methods;

/// <summary>eth_subscribe and eth_unsubscribe, for connections that can be told things (WebSocket).</summary>
internal static class SubscriptionMethods
{
    private const int NameLengthMax = 64;
    private static readonly RpcFault s_notHere = new(-32601, "notifications not supported: connect by WebSocket");

    public static void Add(MethodTable table, RpcOptions options)
    {
        table.Add("eth_subscribe", a => Subscribe(a, options));
        table.Add("eth_unsubscribe", Unsubscribe);
    }

    private static RpcAnswer Subscribe(RpcArguments a, RpcOptions options)
    {
        if (a.Subscriber is not { } turn) return s_notHere;
        if (!JsonFields.TryText(a.Required(0), NameLengthMax, out string name)) a.Fail(0, "the name of a subscription is expected");
        if (a.Fault is { } fault) return fault;
        switch (name)
        {
            case "newHeads":
                return Made(turn.Subscribe(SubscriptionKind.NewHeads), options);
            case "newPendingTransactions":
                bool isFull = a.Flag(1, otherwise: false);
                return a.Fault is { } badFlag ? badFlag : Made(turn.Subscribe(SubscriptionKind.NewPendingTransactions, isFull: isFull), options);
            case "logs":
                LogQuery query = a.Optional(1) is null ? LogQuery.Any : LogQuery.Read(a, 1);
                if (a.Fault is { } badQuery) return badQuery;
                if (query is { From: not null } or { To: not null } or { BlockHash: not null })
                    return RpcFault.Invalid(1, "a subscription is to blocks that come; leave fromBlock, toBlock and blockHash out");
                return Made(turn.Subscribe(SubscriptionKind.Logs, query), options);
            case "syncing":
                return Made(turn.Subscribe(SubscriptionKind.Syncing), options);
            default:
                return new RpcFault(-32601, $"no \"{name}\" subscription in eth namespace");
        }
    }

    private static RpcAnswer Unsubscribe(RpcArguments a)
    {
        if (a.Subscriber is not { } turn) return s_notHere;
        string id = a.Text(0);
        if (a.Fault is { } fault) return fault;
        return turn.Unsubscribe(id) ? RpcAnswer.Flag(true) : RpcFault.Server("subscription not found");
    }

    private static RpcAnswer Made(Subscription? made, RpcOptions options) => made is not null
        ? RpcAnswer.Text(made.Id)
        : RpcFault.LimitExceeded($"too many subscriptions: at most {options.SubscriptionsMax} a connection");
}
