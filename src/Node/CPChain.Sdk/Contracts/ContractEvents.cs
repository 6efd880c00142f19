using System.Runtime.CompilerServices;
using CPChain.Sdk.Abi;

namespace CPChain.Sdk.Contracts;

/// <summary>An event as a generated record.</summary>
public interface IContractEvent<TSelf>
    where TSelf : class, IContractEvent<TSelf>
{
    /// <summary>The event in the contract's ABI.</summary>
    static abstract AbiEvent Definition { get; }

    /// <summary>The record of decoded values, in the order of the parameters.</summary>
    static abstract TSelf FromValues(IReadOnlyList<object> values);
}

/// <summary>Values that indexed parameters must have.</summary>
public interface IEventFilter
{
    /// <summary>Parameter and value of each wish.</summary>
    IReadOnlyList<(string Parameter, object Value)> Wishes { get; }
}

/// <summary>What generated filters are made of.</summary>
public static class EventWishes
{
    /// <summary>The wishes that have a value.</summary>
    public static IReadOnlyList<(string Parameter, object Value)> Of(params ReadOnlySpan<(string Parameter, object? Value)> wishes)
    {
        List<(string Parameter, object Value)> given = [];
        foreach ((string parameter, object? value) in wishes)
            if (value is not null) given.Add((parameter, value));
        return given;
    }
}

/// <summary>For events without indexed parameters.</summary>
public sealed record NoFilter : IEventFilter
{
    public IReadOnlyList<(string Parameter, object Value)> Wishes => [];
}

/// <summary>An event with the log that it was.</summary>
public sealed record EventLog<TEvent>(TEvent Event, LogInfo Log)
{
    /// <summary>Where it is; <see cref="LogPosition.Next"/> of it is where a reader goes on.</summary>
    public LogPosition Position => LogPosition.Of(Log);
}

/// <summary>The events of one kind of one contract.</summary>
public sealed class ContractEvents<TEvent, TFilter>(Contract contract)
    where TEvent : class, IContractEvent<TEvent>
    where TFilter : class, IEventFilter
{
    /// <summary>Those in a receipt.</summary>
    public IReadOnlyList<EventLog<TEvent>> In(ReceiptInfo receipt) =>
        [.. receipt.Logs.Where(l => l.Address == contract.Address).Select(Decode).OfType<EventLog<TEvent>>()];

    /// <summary>Those from a position through a block, all there are when it is null, as one list.</summary>
    public async Task<IReadOnlyList<EventLog<TEvent>>> GetAsync(
        LogPosition from = default, ulong? through = null, TFilter? filter = null, CancellationToken cancel = default)
    {
        List<EventLog<TEvent>> found = [];
        await foreach (EventLog<TEvent> item in ReadAsync(from, through, filter, cancel).ConfigureAwait(false)) found.Add(item);
        return found;
    }

    /// <summary>Those from a position through a block, all there are when it is null, read in bounded pieces.</summary>
    public IAsyncEnumerable<EventLog<TEvent>> ReadAsync(
        LogPosition from = default, ulong? through = null, TFilter? filter = null, CancellationToken cancel = default) =>
        DecodeAsync(contract.Client.ReadLogsAsync(WishOf(filter), from, through, cancel), cancel);

    /// <summary>Those from a position on, for ever; see <see cref="ChainClient.FollowLogsAsync"/>.</summary>
    public IAsyncEnumerable<EventLog<TEvent>> FollowAsync(
        LogPosition from, TFilter? filter = null, CancellationToken cancel = default) =>
        DecodeAsync(contract.Client.FollowLogsAsync(WishOf(filter), from, cancel), cancel);

    private LogWish WishOf(TFilter? filter) => new()
    {
        Addresses = [contract.Address],
        Topics = Contract.TopicsOf(TEvent.Definition, filter?.Wishes ?? []),
    };

    private async IAsyncEnumerable<EventLog<TEvent>> DecodeAsync(
        IAsyncEnumerable<LogInfo> logs, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (LogInfo log in logs.WithCancellation(cancel).ConfigureAwait(false))
            if (Decode(log) is { } found) yield return found;
    }

    private EventLog<TEvent>? Decode(LogInfo log)
    {
        AbiEvent definition = TEvent.Definition;
        // A log that names another event of the contract is none without a name.
        if (definition.IsAnonymous && log.Topics.Count > 0 && contract.Abi.EventByTopic(log.Topics[0]) is not null) return null;
        return definition.TryDecode(log.Topics, log.Data, out object[] values)
            ? new EventLog<TEvent>(TEvent.FromValues(values), log)
            : null;
    }
}
