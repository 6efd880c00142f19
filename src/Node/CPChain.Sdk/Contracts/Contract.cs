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

/// <summary>A contract on the chain: calls, transactions and events by the names of its ABI.</summary>
public sealed class Contract(ChainClient client, Address address, ContractAbi abi)
{
    public ChainClient Client => client;

    public Address Address => address;

    public ContractAbi Abi => abi;

    /// <summary>Calls a function at a block's state without a transaction; its output values.</summary>
    public async Task<object[]> CallAsync(
        string name, IReadOnlyList<object> arguments, BlockTag block = default, CancellationToken cancel = default)
    {
        AbiFunction function = abi.Function(name);
        byte[] output = await client.CallAsync(new CallRequest(address, function.EncodeCall(arguments)), block, cancel)
            .ConfigureAwait(false);
        return function.TryDecodeOutput(output, out object[] values)
            ? values
            : throw new BadAnswerException(name, $"the contract at {address} does not return what its ABI says");
    }

    /// <summary>Sends a call as a transaction; its hash.</summary>
    public Task<Hash256> SendAsync(
        AccountSender sender, string name, IReadOnlyList<object> arguments, UInt256 value = default, CancellationToken cancel = default) =>
        SendAsync(sender, name, arguments, value, gasReserve: 0, cancel);

    /// <summary>Sends with gas on top of the estimate and waits for the block.</summary>
    internal async Task<ReceiptInfo> InvokeWithReserveAsync(
        AccountSender sender, string name, IReadOnlyList<object> arguments, ulong gasReserve, CancellationToken cancel)
    {
        Hash256 hash = await SendAsync(sender, name, arguments, default, gasReserve, cancel).ConfigureAwait(false);
        return await WaitAsync(hash, sender.ReceiptTimeout, cancel).ConfigureAwait(false);
    }

    private async Task<Hash256> SendAsync(
        AccountSender sender, string name, IReadOnlyList<object> arguments, UInt256 value, ulong gasReserve, CancellationToken cancel)
    {
        try
        {
            return await sender.SendAsync(address, abi.Function(name).EncodeCall(arguments), value, null, gasReserve, cancel)
                .ConfigureAwait(false);
        }
        catch (RpcException refusal) when (refusal.ErrorData is { Length: > 0 } data)
        {
            throw new ContractRefusalException(name, ReasonOf(data), data);
        }
    }

    /// <summary>Sends a call as a transaction and waits for its block.</summary>
    /// <exception cref="ContractRefusalException">The contract would revert: nothing was sent.</exception>
    /// <exception cref="TransactionFailedException">It reverted in the block.</exception>
    public async Task<ReceiptInfo> InvokeAsync(
        AccountSender sender, string name, IReadOnlyList<object> arguments, UInt256 value = default, CancellationToken cancel = default)
    {
        Hash256 hash = await SendAsync(sender, name, arguments, value, cancel).ConfigureAwait(false);
        return await WaitAsync(hash, sender.ReceiptTimeout, cancel).ConfigureAwait(false);
    }

    /// <summary>Waits for a sent call; a failed one is a <see cref="TransactionFailedException"/> with its reason.</summary>
    public async Task<ReceiptInfo> WaitAsync(Hash256 hash, TimeSpan timeout, CancellationToken cancel = default)
    {
        ReceiptInfo receipt = await client.WaitForReceiptAsync(hash, timeout, cancel).ConfigureAwait(false);
        if (receipt.Success) return receipt;
        string reason = await FindReasonAsync(hash, receipt.BlockNumber, cancel).ConfigureAwait(false);
        throw new TransactionFailedException(hash, receipt.BlockNumber, reason);
    }

    /// <summary>The events of one name in a range of blocks, oldest first; indexed values narrow the search.</summary>
    public async Task<IReadOnlyList<ContractEvent>> GetEventsAsync(
        string name, BlockTag from, BlockTag to, IReadOnlyList<(string Parameter, object Value)>? where = null,
        CancellationToken cancel = default)
    {
        AbiEvent abiEvent = abi.Event(name);
        List<IReadOnlyList<Hash256>?> topics = [[abiEvent.Topic]];
        foreach (AbiParameter parameter in abiEvent.Inputs.Where(p => p.Indexed))
        {
            (string Parameter, object Value)? wanted = where?.FirstOrDefault(w => w.Parameter == parameter.Name);
            topics.Add(wanted is { Parameter: not null } w ? [abiEvent.EncodeTopic(w.Parameter, w.Value)] : null);
        }
        while (topics.Count > 1 && topics[^1] is null) topics.RemoveAt(topics.Count - 1);
        IReadOnlyList<LogInfo> logs = await client.GetLogsAsync(
            new LogQuery(from, to) { Addresses = [address], Topics = topics }, cancel).ConfigureAwait(false);
        return [.. logs.Select(Decode).OfType<ContractEvent>()];
    }

    /// <summary>This contract's events in a receipt.</summary>
    public IReadOnlyList<ContractEvent> EventsOf(ReceiptInfo receipt) =>
        [.. receipt.Logs.Where(l => l.Address == address).Select(Decode).OfType<ContractEvent>()];

    /// <summary>The name and values of the contract's error, or the text of a plain revert.</summary>
    public string ReasonOf(ReadOnlySpan<byte> revertData)
    {
        AbiError? error = abi.ErrorOf(revertData) ?? s_plain.ErrorOf(revertData);
        if (error is null || !AbiDecoder.TryDecode(ContractAbi.TypesOf(error.Inputs), revertData[4..], out object[] values))
            return revertData.IsEmpty ? "it reverted without a reason" : Hex.Encode(revertData);
        if (error.Name == "Error") return (string)values[0];
        StringBuilder text = new(error.Name);
        return text.Append('(').AppendJoin(", ", values.Select(Shown)).Append(')').ToString();
    }

    private static readonly ContractAbi s_plain = ContractAbi.Parse(
        """
        [{"type":"error","name":"Error","inputs":[{"name":"reason","type":"string"}]},
         {"type":"error","name":"Panic","inputs":[{"name":"code","type":"uint256"}]}]
        """);

    private ContractEvent? Decode(LogInfo log) =>
        log.Topics.Count > 0 && abi.EventByTopic(log.Topics[0]) is { } found && found.TryDecode(log.Topics, log.Data, out object[] values)
            ? new ContractEvent(found, values, log)
            : null;

    private async Task<string> FindReasonAsync(Hash256 hash, ulong blockNumber, CancellationToken cancel)
    {
        TransactionInfo? sent = await client.GetTransactionAsync(hash, cancel).ConfigureAwait(false);
        if (sent is null) return "it reverted";
        try
        {
            CallRequest again = new(sent.To, sent.Data) { From = sent.From, Value = sent.Value, GasLimit = sent.GasLimit };
            await client.CallAsync(again, blockNumber - 1, cancel).ConfigureAwait(false);
            return "it reverted";
        }
        catch (RpcException e)
        {
            return e.ErrorData is { } data ? ReasonOf(data) : e.NodeMessage;
        }
    }

    private static string Shown(object value) => value is byte[] bytes ? Hex.Encode(bytes) : $"{value}";
}

/// <summary>A contract would revert; nothing was sent.</summary>
public sealed class ContractRefusalException(string function, string reason, byte[] data)
    : ChainClientException($"{function} is refused by the contract: {reason}")
{
    /// <summary>The name and values of the contract's error.</summary>
    public string Reason { get; } = reason;

    /// <summary>The revert data.</summary>
    public byte[] RevertData { get; } = data;
}
