using System.Text.Json;
using CPChain.Chain;
using CPChain.Dpor;
using CPChain.Execution;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>cpc_*: this chain's own notions — time in milliseconds, impeach blocks, certificates, committees.</summary>
internal static class CpcMethods
{
    public static void Add(MethodTable table, RpcNode node)
    {
        table.Add("cpc_nodeInfo", _ => NodeInfo(node));
        table.Add("cpc_getChainConfig", _ => ChainConfig(node));
        table.Add("cpc_getBlock", a => GetBlock(a, node.Chain));
        table.Add("cpc_committee", a => Committee(a, node.Chain));
        table.Add("cpc_peers", _ => Peers(node));
    }

    private static RpcAnswer NodeInfo(RpcNode node) => RpcAnswer.Of(json =>
    {
        BlockHeader head = node.Chain.Head;
        json.WriteStartObject();
        json.WriteString("clientVersion", node.ClientVersion);
        json.WriteString("role", node.Role);
        json.Address("identity", node.Identity);
        json.WriteString("network", node.NetworkName);
        json.WriteNumber("chainId", node.Chain.Rules.ChainId);
        json.Hash("genesisHash", node.Chain.Rules.GenesisHash);
        json.WriteNumber("periodMs", node.Chain.Rules.PeriodMs);
        json.WriteNumber("timeoutMs", node.Chain.Rules.TimeoutMs);
        json.WriteStartObject("head");
        json.WriteNumber("number", head.Number);
        json.Hash("hash", head.Hash);
        json.WriteNumber("timestampMs", head.TimestampMs);
        json.WriteEndObject();
        json.WriteNumber("peers", node.Peers().Count);
        WriteConsensus(json, node.Consensus());
        json.WriteEndObject();
    });

    private static RpcAnswer ChainConfig(RpcNode node) => RpcAnswer.Of(json =>
    {
        ChainRules rules = node.Chain.Rules;
        json.WriteStartObject();
        json.WriteString("network", node.NetworkName);
        json.WriteNumber("chainId", rules.ChainId);
        json.Hash("genesisHash", rules.GenesisHash);
        json.WriteNumber("periodMs", rules.PeriodMs);
        json.WriteNumber("timeoutMs", rules.TimeoutMs);
        json.WriteNumber("gasLimit", rules.GasLimit);
        json.WriteNumber("heavyGasMax", rules.HeavyGasMax);
        json.Quantity("baseFeeFloor", rules.BaseFeeFloor);
        json.WriteStartObject("limits");
        json.WriteNumber("transactions", rules.Limits.TransactionsMax);
        json.WriteNumber("blockBytes", rules.Limits.BytesMax);
        json.WriteNumber("transactionBytes", rules.Limits.TransactionBytesMax);
        json.WriteEndObject();
        WriteElections(json, rules.Elections);
        json.WriteEndObject();
    });

    // The parameters have the form that they have in a genesis.
    private static void WriteElections(Utf8JsonWriter json, ElectedCommittees? elections)
    {
        if (elections is null)
        {
            json.WriteNull("dpor");
            return;
        }
        json.WriteStartObject("dpor");
        json.Address("foundation", elections.Dpor.Foundation);
        json.Addresses("defaultProposers", elections.Defaults);
        json.WritePropertyName("parameters");
        using JsonDocument parameters = JsonDocument.Parse(DporJson.Print(elections.Dpor.Parameters));
        parameters.RootElement.WriteTo(json);
        json.WriteEndObject();
    }

    private static void WriteConsensus(Utf8JsonWriter json, ConsensusFacts? facts)
    {
        if (facts is null)
        {
            json.WriteNull("consensus");
            return;
        }
        json.WriteStartObject("consensus");
        json.WriteNumber("finalBlocks", facts.FinalBlocks);
        json.WriteNumber("impeachBlocks", facts.ImpeachBlocks);
        json.WriteNumber("importedBlocks", facts.ImportedBlocks);
        json.WriteNumber("refusedSignatures", facts.RefusedSignatures);
        json.WriteNumber("misconduct", facts.Misconduct);
        json.WriteNumber("alarms", facts.Alarms);
        json.WriteEndObject();
    }

    private static RpcAnswer GetBlock(RpcArguments a, ChainReader chain)
    {
        BlockSelector selector = a.Block(0);
        if (a.Fault is { } fault) return fault;
        if (chain.BlockOf(selector) is not { } block) return RpcAnswer.Null;
        CertificateFacts? certificate = chain.CertificateOf(block);
        return RpcAnswer.Of(json =>
        {
            BlockHeader header = block.Header;
            json.WriteStartObject();
            json.WriteNumber("number", header.Number);
            json.Hash("hash", block.Hash);
            json.Hash("parentHash", header.ParentHash);
            json.WriteNumber("timestampMs", header.TimestampMs);
            json.WriteBoolean("isImpeach", block.IsImpeach && header.Number > 0);
            json.Address("proposer", block.IsImpeach ? null : header.Coinbase);
            json.Address("expectedProposer", header.Number == 0 ? null : chain.TurnOf(header.Number)?.Proposer);
            json.WriteNumber("gasUsed", header.GasUsed);
            json.WriteNumber("gasLimit", header.GasLimit);
            json.Quantity("baseFeePerGas", header.BaseFeePerGas);
            json.Hash("stateRoot", header.StateRoot);
            json.Hash("nextValidatorsHash", header.NextValidatorsHash);
            json.WriteNumber("bytes", chain.Form.Encode(block).Length);
            json.WriteStartArray("transactions");
            foreach (Transaction transaction in block.Transactions) json.WriteStringValue(transaction.Hash.ToString());
            json.WriteEndArray();
            WriteCertificate(json, certificate);
            json.WriteEndObject();
        });
    }

    private static void WriteCertificate(Utf8JsonWriter json, CertificateFacts? certificate)
    {
        if (certificate is null)
        {
            json.WriteNull("certificate");
            return;
        }
        json.WriteStartObject("certificate");
        json.WriteNumber("round", certificate.Round);
        json.WriteStartArray("signers");
        foreach (Address signer in certificate.Signers) json.WriteStringValue(signer.ToString());
        json.WriteEndArray();
        json.WriteNumber("bytes", certificate.Bytes);
        json.WriteEndObject();
    }

    private static RpcAnswer Committee(RpcArguments a, ChainReader chain)
    {
        BlockSelector selector = a.Block(0);
        if (a.Fault is { } fault) return fault;
        ulong number = selector.Number ?? chain.HeaderOf(selector)?.Number ?? chain.Head.Number;
        if (number == 0) return RpcFault.Server("the genesis block has no committee");
        if (chain.ValidatorsOf(number) is not { } validators)
            return RpcFault.Server($"the validators of block {number} are not settled yet");
        return RpcAnswer.Of(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("number", number);
            json.Address("proposer", chain.ScheduledAt(number));
            json.Addresses("validators", validators);
            json.Addresses("proposers", chain.ProposersOf(number));
            json.Hash("validatorsHash", CommitteeSchedule.HashOf(validators.AsSpan()));
            json.WriteEndObject();
        });
    }

    private static RpcAnswer Peers(RpcNode node)
    {
        IReadOnlyList<PeerFacts> peers = node.Peers();
        return RpcAnswer.Of(json =>
        {
            json.WriteStartArray();
            foreach (PeerFacts peer in peers)
            {
                json.WriteStartObject();
                json.Address("identity", peer.Identity);
                json.WriteString("role", peer.Role);
                json.WriteString("endpoint", peer.Endpoint);
                json.WriteBoolean("dialed", peer.IsDialed);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }
}
