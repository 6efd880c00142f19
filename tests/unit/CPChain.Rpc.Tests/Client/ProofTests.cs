using System.Text.Json.Nodes;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Rpc.Tests.Chain;
using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Sdk.Proofs;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Client;

/// <summary>A client that trusts the validators' keys believes what is proven, and no node that lies.</summary>
public sealed class ProofTests
{
    [Fact]
    public async Task Accounts_slots_code_transactions_and_receipts_are_proven_from_the_validators_keys()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        using AccountSender sender = fixture.Sender(0);
        VerifyingClient verifying = new(fixture.Client, TrustIn(fixture));
        Assert.Equal(fixture.Chain.Ledger.Rules.GenesisHash, (await verifying.GetHeaderAsync(0)).Hash);
        DataRegistryContract registry = new(fixture.Client);
        Hash256 stream = DataRegistryContract.StreamIdOf(sender.Address, Hash256.Zero);
        ReceiptInfo receipt = await registry.RegisterAsync(sender, stream, Hash256.Zero);

        ProvenAccount account = await verifying.GetAccountAsync(sender.Address);
        Assert.Equal(1UL, account.Account.Nonce);
        Assert.Equal(await fixture.Client.GetBalanceAsync(sender.Address), account.Account.Balance);
        Address nobody = Address.Parse("0x00000000000000000000000000000000000000bb");
        Assert.Equal(Account.Empty, (await verifying.GetAccountAsync(nobody)).Account);

        // Solidity keeps the entry of a mapping at keccak256(key . slot); the owner is the first member of the stream.
        UInt256 slot = Keccak256.Hash([.. stream.ToArray(), .. new byte[32]]).ToUInt256();
        ProvenAccount proven = await verifying.GetAccountAsync(registry.Contract.Address, [slot, 12_345UL]);
        Assert.Equal(sender.Address, Address.FromUInt256(proven.Slots[slot]));
        Assert.Equal(UInt256.Zero, proven.Slots[12_345UL]);
        Assert.Equal(SystemContracts.DataRegistry.RuntimeCode, await verifying.GetCodeAsync(registry.Contract.Address));

        ProvenTransaction transaction = (await verifying.GetTransactionAsync(receipt.TransactionHash))!;
        Assert.Equal((receipt.TransactionHash, receipt.BlockNumber), (transaction.Transaction.Hash, transaction.Header.Number));
        Assert.True(transaction.Receipt.Success);
        Assert.Equal(receipt.Logs[0].Topics, transaction.Receipt.Logs[0].Topics);
        Assert.Null(await verifying.GetTransactionAsync(Hash256.Zero));

        Block impeach = fixture.Chain.SealImpeach();
        Assert.Equal(impeach.Hash, (await verifying.GetHeaderAsync(impeach.Header.Number)).Hash);
    }

    [Fact]
    public async Task Every_transaction_of_a_full_block_is_proven_at_its_place()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        using AccountSender sender = fixture.Sender(0);
        Address to = Address.Parse("0x00000000000000000000000000000000000000bb");
        Hash256[] hashes = await Task.WhenAll(Enumerable.Range(0, 140).Select(_ => sender.SendAsync(to, default, 1UL, 21_000)));
        fixture.Chain.Seal();
        VerifyingClient verifying = new(fixture.Client, TrustIn(fixture));
        ulong gas = 0;
        foreach (Transaction sent in fixture.Chain.Ledger.BlockByNumber(1)!.Transactions)
        {
            ProvenTransaction proven = (await verifying.GetTransactionAsync(sent.Hash))!;
            Assert.Equal(gas += 21_000, proven.Receipt.CumulativeGasUsed);
        }
        Assert.Equal(140UL * 21_000, gas);
        Assert.Equal(140, hashes.Length);
    }

    public static TheoryData<string, string, ProofFault> Lies => new()
    {
        { "a higher balance", "eth_getProof", ProofFault.Contradiction },
        { "a changed slot", "eth_getProof", ProofFault.Contradiction },
        { "another slot", "eth_getProof", ProofFault.Contradiction },
        { "a changed node", "eth_getProof", ProofFault.NotProven },
        { "a missing node", "eth_getProof", ProofFault.NotProven },
        { "no nodes", "eth_getProof", ProofFault.NotProven },
        { "a changed slot node", "eth_getProof", ProofFault.NotProven },
        { "another state root", "cpc_getHeader", ProofFault.WrongHeader },
        { "a cut header", "cpc_getHeader", ProofFault.Malformed },
        { "no certificate", "cpc_getHeader", ProofFault.Malformed },
        { "a changed signature", "cpc_getHeader", ProofFault.NotCertified },
        { "the certificate of others", "cpc_getHeader", ProofFault.NotCertified },
        { "other code", "eth_getCode", ProofFault.Contradiction },
        { "another index", "cpc_getTransactionProof", ProofFault.NotProven },
        { "a changed receipt", "cpc_getTransactionProof", ProofFault.NotProven },
        { "the receipt as transaction", "cpc_getTransactionProof", ProofFault.NotProven },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_lie_is_caught(string lie, string method, ProofFault expected)
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        using AccountSender sender = fixture.Sender(0);
        await using LyingNode liar = new(fixture.Server.Url);
        DataRegistryContract registry = new(fixture.Client);
        Hash256 stream = DataRegistryContract.StreamIdOf(sender.Address, Hash256.Zero);
        ReceiptInfo receipt = await registry.RegisterAsync(sender, stream, Hash256.Zero);
        VerifyingClient verifying = new(liar.Client, TrustIn(fixture));
        UInt256 slot = Keccak256.Hash([.. stream.ToArray(), .. new byte[32]]).ToUInt256();
        async Task AskAsync()
        {
            if (method == "cpc_getTransactionProof") await verifying.GetTransactionAsync(receipt.TransactionHash);
            else if (method == "eth_getCode") await verifying.GetCodeAsync(registry.Contract.Address);
            else await verifying.GetAccountAsync(registry.Contract.Address, [slot]);
        }

        await AskAsync(); // The truth is believed.
        liar.Lie = (method, result => Tell(lie, result));
        ProofException caught = await Assert.ThrowsAsync<ProofException>(AskAsync);
        Assert.Equal(expected, caught.Fault);
    }

    [Fact]
    public async Task Validators_of_another_chain_and_too_few_of_ours_are_not_believed()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        using AccountSender sender = fixture.Sender(0);
        await sender.SendAndWaitAsync(sender.Address, default);
        HeaderInfo info = (await fixture.Client.GetHeaderAsync(1))!;
        ChainTrust ours = TrustIn(fixture);
        Assert.Equal(ProofFault.None, ChainProofs.TryProveHeader(ours, info.Header, info.Certificate, out _));
        ChainTrust otherChain = new(ours.ChainId + 1, ours.GenesisHash, ours.Validators);
        ChainTrust otherOrder = new(ours.ChainId, ours.GenesisHash, [.. ours.Validators.Reverse()]);
        ChainTrust later = new(ours.ChainId, ours.GenesisHash, ours.Validators, fromBlock: 2);
        Assert.Equal(ProofFault.NotCertified, ChainProofs.TryProveHeader(otherChain, info.Header, info.Certificate, out _));
        Assert.Equal(ProofFault.NotCertified, ChainProofs.TryProveHeader(otherOrder, info.Header, info.Certificate, out _));
        Assert.Equal(ProofFault.WrongValidators, ChainProofs.TryProveHeader(later, info.Header, info.Certificate, out _));
        Assert.Throws<ArgumentException>(() => new ChainTrust(1, Hash256.Zero, ours.Validators[..3]));
        Assert.Throws<ArgumentException>(() => new ChainTrust(1, Hash256.Zero, [.. ours.Validators[..3], ours.Validators[0]]));
    }

    [Fact]
    public async Task Trust_goes_on_to_the_set_that_a_proven_header_names_and_to_no_other()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        using AccountSender sender = fixture.Sender(0);
        await sender.SendAndWaitAsync(sender.Address, default);
        VerifyingClient verifying = new(fixture.Client, TrustIn(fixture));
        Assert.Same(verifying.Trust, await verifying.AdvanceAsync(1));
        ChainTrust pinned = await ChainTrust.PinAsync(fixture.Client);
        Assert.Equal(InstantChain.Validators, pinned.Validators);

        // A header that names another set, as the last block of a set does.
        Address[] next = [.. Enumerable.Range(210, 7).Select(i => InstantChain.Key(i).Address)];
        ProvenHeader genesis = await verifying.GetHeaderAsync(0);
        BlockHeader last = genesis.Header with { NextValidatorsHash = CommitteeSchedule.HashOf(next) };
        ChainTrust trust = new(1, last.Hash, InstantChain.Validators);
        Assert.Equal(ProofFault.None, ChainProofs.TryProveHeader(trust, last.Encode(), [], out ProvenHeader? proven));
        ChainTrust after = trust.After(proven!, next);
        Assert.Equal((7, 1UL), (after.Validators.Length, after.FromBlock));
        Assert.Throws<ProofException>(() => trust.After(proven!, next[..4]));
        Assert.Throws<ProofException>(() => trust.After(proven!, []));
    }

    private static ChainTrust TrustIn(RpcFixture fixture) => ChainTrust.Of(fixture.Chain.Genesis, fixture.Chain.Ledger.Rules.GenesisHash);

    private static JsonNode Tell(string lie, JsonNode truth)
    {
        if (lie == "other code") return "0x6001";
        JsonObject answer = truth.AsObject();
        JsonArray Nodes(string name) => answer[name]!.AsArray();
        JsonObject Slot() => answer["storageProof"]![0]!.AsObject();
        switch (lie)
        {
            case "a higher balance":
                answer["balance"] = "0xffffffff";
                break;
            case "a changed slot":
                Slot()["value"] = "0x1";
                break;
            case "another slot":
                Slot()["key"] = "0x1";
                break;
            case "a changed node":
                Nodes("accountProof")[^1] = Changed(Nodes("accountProof")[^1]!);
                break;
            case "a missing node":
                Nodes("accountProof").RemoveAt(0);
                break;
            case "no nodes":
                answer["accountProof"] = new JsonArray();
                break;
            case "a changed slot node":
                Slot()["proof"]![0] = Changed(Slot()["proof"]![0]!);
                break;
            case "another state root":
                Assert.True(BlockHeader.TryDecode(Hex.Decode(answer["header"]!.GetValue<string>()), out BlockHeader? header, out _));
                answer["header"] = Hex.Encode((header with { StateRoot = Hash256.Zero }).Encode());
                break;
            case "a cut header":
                answer["header"] = answer["header"]!.GetValue<string>()[..^2];
                break;
            case "no certificate":
                answer["certificate"] = null;
                break;
            case "a changed signature":
                // The byte lies in the middle of the last signature.
                string text = answer["certificate"]!.GetValue<string>();
                answer["certificate"] = text[..^60] + (text[^60] == '0' ? '1' : '0') + text[^59..];
                break;
            case "the certificate of others":
                answer["certificate"] = OfOthers(Hex.Decode(answer["certificate"]!.GetValue<string>()));
                break;
            case "another index":
                answer["index"] = 7;
                break;
            case "a changed receipt":
                Nodes("receiptProof")[^1] = Changed(Nodes("receiptProof")[^1]!);
                break;
            case "the receipt as transaction":
                answer["transactionProof"] = answer["receiptProof"]!.DeepClone();
                break;
        }
        return answer;
    }

    private static JsonNode Changed(JsonNode node)
    {
        byte[] bytes = Hex.Decode(node.GetValue<string>());
        bytes[^1] ^= 1;
        return Hex.Encode(bytes);
    }

    /// <summary>The same statement, signed three times by somebody who is no validator.</summary>
    private static string OfOthers(byte[] certificate)
    {
        Assert.True(CPChain.Lbft.Certificates.CertificateCodec.TryDecode(certificate, out var read, out _));
        Signature forged = InstantChain.Key(9).Sign(read.Hash);
        return Hex.Encode(CPChain.Lbft.Certificates.CertificateCodec.Encode(
            read with { Signatures = CPChain.Lbft.Values.ValueArray<Signature>.Of([forged, forged, forged]) }));
    }
}
