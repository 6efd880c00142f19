using System.Text;
using CPChain.Sdk.Abi;
using CPChain.Types;

namespace CPChain.Sdk.Contracts;

/// <summary>An event that a contract left, with its values by parameter order.</summary>
public sealed record ContractEvent(AbiEvent Event, IReadOnlyList<object> Values, LogInfo Log)
{
    /// <summary>The value of a parameter.</summary>
    public T Value<T>(string parameter)
    {
        for (int i = 0; i < Values.Count; i++)
            if (Event.Inputs[i].Name == parameter) return (T)Values[i];
        throw new ArgumentException($"The event {Event.Name} has no parameter {parameter}.");
    }
}

/// <summary>
/// A contract on the chain: calls, transactions and events by the names of its ABI. A generated contract has one and adds
/// C# types; <paramref name="decodeError"/> is its own reader of revert data.
/// </summary>
public sealed class Contract(ChainClient client, Address address, ContractAbi abi, Func<byte[], ContractError?>? decodeError = null)
{
    public ChainClient Client => client;

    public Address Address => address;

    public ContractAbi Abi => abi;

    /// <summary>Calls a function at a block's state without a transaction; its output values.</summary>
    /// <exception cref="ContractRefusalException">The contract reverts.</exception>
    public Task<object[]> CallAsync(
        string name, IReadOnlyList<object> arguments, BlockTag block = default, CancellationToken cancel = default) =>
        CallAsync(abi.Function(name), arguments, block, null, default, cancel);

    /// <summary>The same with the function at hand, as the caller and with the coins that are given.</summary>
    /// <exception cref="ContractRefusalException">The contract reverts.</exception>
    public async Task<object[]> CallAsync(
        AbiFunction function, IReadOnlyList<object> arguments, BlockTag block = default, Address? caller = null,
        UInt256 value = default, CancellationToken cancel = default)
    {
        CallRequest call = new(address, function.EncodeCall(arguments)) { From = caller, Value = value };
        byte[] output;
        try
        {
            output = await client.CallAsync(call, block, cancel).ConfigureAwait(false);
        }
        catch (RpcException refusal) when (refusal.ErrorData is { } data)
        {
            throw RefusalOf(function.Name, data);
        }
        return function.TryDecodeOutput(output, out object[] values)
            ? values
            : throw new BadAnswerException(function.Name, output.Length == 0
                ? $"there is no contract at {address}"
                : $"the contract at {address} does not return what its ABI says");
    }

    /// <summary>Sends a call as a transaction; its hash.</summary>
    /// <exception cref="ContractRefusalException">The contract would revert: nothing was sent.</exception>
    public async Task<Hash256> SendAsync(
        AccountSender sender, string name, IReadOnlyList<object> arguments, UInt256 value = default, CancellationToken cancel = default) =>
        (await SendAsync(sender, abi.Function(name), arguments, value, null, cancel).ConfigureAwait(false)).Hash;

    /// <summary>Sends a call as a transaction and does not wait for its block.</summary>
    /// <exception cref="ContractRefusalException">The contract would revert: nothing was sent.</exception>
    public async Task<PendingTransaction> SendAsync(
        AccountSender sender, AbiFunction function, IReadOnlyList<object> arguments, UInt256 value = default,
        SendOptions? options = null, CancellationToken cancel = default)
    {
        TransactionRequest request = new(address)
        {
            Data = function.EncodeCall(arguments),
            Value = value,
            Options = options ?? SendOptions.Default,
        };
        try
        {
            Hash256 hash = await sender.SubmitAsync(request, cancel).ConfigureAwait(false);
            return new PendingTransaction(sender.Client, hash, sender.ReceiptTimeout, this);
        }
        catch (RpcException refusal) when (refusal.ErrorData is { } data)
        {
            throw RefusalOf(function.Name, data);
        }
    }

    /// <summary>Sends a call as a transaction and waits for its block.</summary>
    /// <exception cref="ContractRefusalException">The contract would revert: nothing was sent.</exception>
    /// <exception cref="TransactionFailedException">It reverted in the block.</exception>
    public async Task<ReceiptInfo> InvokeAsync(
        AccountSender sender, string name, IReadOnlyList<object> arguments, UInt256 value = default, CancellationToken cancel = default)
    {
        PendingTransaction sent = await SendAsync(sender, abi.Function(name), arguments, value, null, cancel).ConfigureAwait(false);
        return await sent.WaitAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Waits for a sent call; a failed one is a <see cref="TransactionFailedException"/> with its reason.</summary>
    public Task<ReceiptInfo> WaitAsync(Hash256 hash, TimeSpan timeout, CancellationToken cancel = default) =>
        new PendingTransaction(client, hash, timeout, this).WaitAsync(cancel);

    /// <summary>The events of one name in a range of blocks, oldest first; indexed values narrow the search.</summary>
    public async Task<IReadOnlyList<ContractEvent>> GetEventsAsync(
        string name, BlockTag from, BlockTag to, IReadOnlyList<(string Parameter, object Value)>? where = null,
        CancellationToken cancel = default)
    {
        AbiEvent abiEvent = abi.Event(name);
        IReadOnlyList<LogInfo> logs = await client.GetLogsAsync(
            new LogQuery(from, to) { Addresses = [address], Topics = TopicsOf(abiEvent, where ?? []) }, cancel).ConfigureAwait(false);
        return [.. logs.Select(Decode).OfType<ContractEvent>()];
    }

    /// <summary>This contract's events in a receipt.</summary>
    public IReadOnlyList<ContractEvent> EventsOf(ReceiptInfo receipt) =>
        [.. receipt.Logs.Where(l => l.Address == address).Select(Decode).OfType<ContractEvent>()];

    /// <summary>The name and values of the contract's error, or the text of a plain revert.</summary>
    public string ReasonOf(ReadOnlySpan<byte> revertData)
    {
        if (abi.ErrorOf(revertData) is not { } error || !error.TryDecode(revertData, out object[] values))
            return (ContractError.DecodePlain(revertData) ?? new UnknownRevert(revertData.ToArray())).ToString();
        StringBuilder text = new(error.Name);
        return text.Append('(').AppendJoin(", ", values.Select(Shown)).Append(')').ToString();
    }

    /// <summary>The error that revert data is.</summary>
    public ContractError ErrorOf(byte[] revertData) =>
        decodeError?.Invoke(revertData) ?? ContractError.DecodePlain(revertData) ?? new UnknownRevert(revertData);

    /// <summary>The topics of a query for an event, with values that its indexed parameters must have.</summary>
    internal static List<IReadOnlyList<Hash256>?> TopicsOf(AbiEvent abiEvent, IReadOnlyList<(string Parameter, object Value)> where)
    {
        List<IReadOnlyList<Hash256>?> topics = abiEvent.IsAnonymous ? [] : [[abiEvent.Topic]];
        foreach (AbiParameter parameter in abiEvent.Inputs.Where(p => p.Indexed))
        {
            (string Parameter, object Value) wanted = where.FirstOrDefault(w => w.Parameter == parameter.Name);
            topics.Add(wanted.Parameter is null ? null : [abiEvent.EncodeTopic(wanted.Parameter, wanted.Value)]);
        }
        while (topics.Count > 1 && topics[^1] is null) topics.RemoveAt(topics.Count - 1);
        return topics;
    }

    private ContractRefusalException RefusalOf(string function, byte[] data) => new(function, ReasonOf(data), data, ErrorOf(data));

    private ContractEvent? Decode(LogInfo log) =>
        log.Topics.Count > 0 && abi.EventByTopic(log.Topics[0]) is { } found && found.TryDecode(log.Topics, log.Data, out object[] values)
            ? new ContractEvent(found, values, log)
            : null;

    private static string Shown(object value) => value is byte[] bytes ? Hex.Encode(bytes) : $"{value}";
}
