using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;
using CPChain.TxPool;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>txpool_*: what waits for a block (pending) and what waits for an earlier nonce (queued).</summary>
internal static class TxPoolMethods
{
    public static void Add(MethodTable table, RpcNode node)
    {
        table.Add("txpool_status", _ =>
        {
            PoolStatus status = node.Pool.Status();
            return RpcAnswer.Of(json =>
            {
                json.WriteStartObject();
                json.Quantity("pending", (ulong)status.Pending);
                json.Quantity("queued", (ulong)status.Queued);
                json.WriteEndObject();
            });
        });
        table.Add("txpool_content", _ => Content(node));
        table.Add("txpool_contentFrom", a => ContentFrom(a, node));
        table.Add("txpool_inspect", _ => Inspect(node));
    }

    private static RpcAnswer Content(RpcNode node)
    {
        ImmutableArray<(Address Sender, Transaction Transaction, bool IsPending)> content = node.Pool.Content();
        return RpcAnswer.Of(json =>
        {
            json.WriteStartObject();
            WriteAccounts(json, "pending", content.Where(c => c.IsPending));
            WriteAccounts(json, "queued", content.Where(c => !c.IsPending));
            json.WriteEndObject();
        });
    }

    private static RpcAnswer ContentFrom(RpcArguments a, RpcNode node)
    {
        Address address = a.Address(0);
        if (a.Fault is { } fault) return fault;
        var own = node.Pool.Content().Where(c => c.Sender == address).ToArray();
        return RpcAnswer.Of(json =>
        {
            json.WriteStartObject();
            WriteQueue(json, "pending", own.Where(c => c.IsPending).Select(c => c.Transaction));
            WriteQueue(json, "queued", own.Where(c => !c.IsPending).Select(c => c.Transaction));
            json.WriteEndObject();
        });
    }

    private static RpcAnswer Inspect(RpcNode node)
    {
        ImmutableArray<(Address Sender, Transaction Transaction, bool IsPending)> content = node.Pool.Content();
        return RpcAnswer.Of(json =>
        {
            json.WriteStartObject();
            WriteLines(json, "pending", content.Where(c => c.IsPending));
            WriteLines(json, "queued", content.Where(c => !c.IsPending));
            json.WriteEndObject();
        });
    }

    private static void WriteLines(
        Utf8JsonWriter json, string name, IEnumerable<(Address Sender, Transaction Transaction, bool IsPending)> content)
    {
        json.WriteStartObject(name);
        foreach (var account in content.GroupBy(c => c.Sender))
        {
            json.WriteStartObject(AddressChecksum.Format(account.Key));
            foreach (Transaction one in account.Select(c => c.Transaction))
                json.WriteString(one.Nonce.ToString(CultureInfo.InvariantCulture), LineOf(one));
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static string LineOf(Transaction one) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(one.To is { } to ? AddressChecksum.Format(to) : "contract creation")}: {one.Value} wei + {one.GasLimit} gas × {one.MaxFeePerGas} wei");

    private static void WriteAccounts(
        Utf8JsonWriter json, string name, IEnumerable<(Address Sender, Transaction Transaction, bool IsPending)> content)
    {
        json.WriteStartObject(name);
        foreach (var account in content.GroupBy(c => c.Sender))
            WriteQueue(json, AddressChecksum.Format(account.Key), account.Select(c => c.Transaction));
        json.WriteEndObject();
    }

    private static void WriteQueue(Utf8JsonWriter json, string name, IEnumerable<Transaction> queue)
    {
        json.WriteStartObject(name);
        foreach (Transaction transaction in queue)
        {
            json.WritePropertyName(transaction.Nonce.ToString(CultureInfo.InvariantCulture));
            TransactionJson.Write(json, transaction, null);
        }
        json.WriteEndObject();
    }
}
