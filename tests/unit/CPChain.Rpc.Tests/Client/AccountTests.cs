using System.Text;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Keystore;
using CPChain.Rpc.Tests.Chain;
using CPChain.Sdk;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Client;

/// <summary>Accounts of the SDK: keystore, signatures that other wallets make too, and amounts.</summary>
public sealed class AccountTests
{
    [Fact]
    public void An_account_is_kept_in_a_file_that_only_its_passphrase_opens()
    {
        string folder = Directory.CreateTempSubdirectory("cpchain-account-").FullName;
        string path = Path.Combine(folder, "key.json");
        using LocalAccount account = LocalAccount.Create();
        account.Save(path, "pass", ScryptCost.Development);
        using (LocalAccount opened = LocalAccount.Open(path, "pass")) Assert.Equal(account.Address, opened.Address);
        Assert.Contains("passphrase", Assert.Throws<KeystoreException>(() => LocalAccount.Open(path, "other")).Message, StringComparison.Ordinal);
        Assert.Throws<KeystoreException>(() => account.Save(path, "pass", ScryptCost.Development));
        Assert.Throws<KeystoreException>(() => LocalAccount.Open(path + "2", "pass"));
        using (LocalAccount read = LocalAccount.FromKeystore(account.ToKeystore("é", ScryptCost.Development), "é"))
            Assert.Equal(account.Address, read.Address);
        Assert.Throws<KeystoreException>(() => LocalAccount.FromKeystore("{}"u8, "é"));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x00")]
    [InlineData("0x0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void What_is_no_key_is_refused_and_not_repeated(string text)
    {
        FormatException e = Assert.Throws<FormatException>(() => LocalAccount.Import(text));
        Assert.True(text.Length == 0 || !e.Message.Contains(text, StringComparison.Ordinal));
    }

    // The worked example of EIP-712: the key is the hash of "cow".
    [Fact]
    public void The_example_of_EIP_712_has_its_published_hashes_and_signature()
    {
        TypedData mail = TypedData.Parse(
            """
            {
              "types": {
                "EIP712Domain": [ { "name": "name", "type": "string" }, { "name": "version", "type": "string" },
                  { "name": "chainId", "type": "uint256" }, { "name": "verifyingContract", "type": "address" } ],
                "Person": [ { "name": "name", "type": "string" }, { "name": "wallet", "type": "address" } ],
                "Mail": [ { "name": "from", "type": "Person" }, { "name": "to", "type": "Person" }, { "name": "contents", "type": "string" } ]
              },
              "primaryType": "Mail",
              "domain": { "name": "Ether Mail", "version": "1", "chainId": 1, "verifyingContract": "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC" },
              "message": {
                "from": { "name": "Cow", "wallet": "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826" },
                "to": { "name": "Bob", "wallet": "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB" },
                "contents": "Hello, Bob!"
              }
            }
            """);
        Assert.Equal("0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f", mail.DomainSeparator.ToString());
        Assert.Equal("0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2", mail.SigningHash.ToString());
        using LocalAccount cow = LocalAccount.Import(Keccak256.Hash("cow"u8).ToArray());
        byte[] signature = cow.SignTypedData(mail);
        Assert.Equal("0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d"
            + "07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c", Hex.Encode(signature));
        Assert.True(SignedMessage.TryRecover(mail, signature, out Address signer) && signer == cow.Address);
    }

    [Fact]
    public void Signatures_and_transactions_are_those_that_ethers_makes()
    {
        using JsonDocument document = JsonDocument.Parse(RepositoryFile.Read("fixtures/sdk/signing.json"));
        JsonElement root = document.RootElement;
        using LocalAccount account = LocalAccount.Import(root.GetProperty("privateKey").GetString()!);
        Assert.Equal(root.GetProperty("address").GetString(), account.Address.ToString());
        foreach (JsonElement message in root.GetProperty("messages").EnumerateArray())
        {
            string text = message.GetProperty("text").GetString()!;
            byte[] signature = account.SignMessage(text);
            Assert.Equal(message.GetProperty("signature").GetString(), Hex.Encode(signature));
            Assert.Equal(signature, account.SignMessage(Encoding.UTF8.GetBytes(text)));
            Assert.True(SignedMessage.TryRecover(text, signature, out Address signer) && signer == account.Address);
            Assert.False(SignedMessage.TryRecover(text + "!", signature, out signer) && signer == account.Address);
        }
        foreach (JsonElement typed in root.GetProperty("typed").EnumerateArray())
        {
            TypedData data = TypedData.Parse(typed.GetProperty("data").GetRawText());
            Assert.Equal(typed.GetProperty("digest").GetString(), data.SigningHash.ToString());
            Assert.Equal(typed.GetProperty("signature").GetString(), Hex.Encode(account.SignTypedData(data)));
        }
        Address to = Address.Parse("0x00000000000000000000000000000000000000bb");
        Authorization authorization = account.Authorize(133_700, to, 8);
        UnsignedTransaction market = UnsignedTransaction.FeeMarket(133_700, 7, Units.Gwei * 3UL, Units.Gwei, 90_000)
            with
        { To = to, Value = Units.Cpc, Data = Hex.Decode("0xdeadbeef") };
        AccessListEntry[] list = [new AccessListEntry(to, [UInt256.One])];
        UnsignedTransaction priced = market with { MaxFeePerGas = Units.Gwei * 2UL, MaxPriorityFeePerGas = Units.Gwei * 2UL };
        Dictionary<int, UnsignedTransaction> all = new()
        {
            [0] = priced with { Type = TxType.Legacy },
            [1] = priced with { Type = TxType.AccessList, AccessList = [.. list] },
            [2] = market with { AccessList = [.. list] },
            [4] = market with { Type = TxType.SetCode, Authorizations = [authorization] },
        };
        Assert.Equal(4, root.GetProperty("transactions").GetArrayLength());
        foreach (JsonElement transaction in root.GetProperty("transactions").EnumerateArray())
            Assert.Equal(transaction.GetProperty("raw").GetString(),
                Hex.Encode(account.Sign(all[transaction.GetProperty("type").GetInt32()]).Encoded.Span));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("no json")]
    [InlineData("""{"types":{"A":[{"name":"a","type":"A"}]},"primaryType":"A","domain":{},"message":{}}""")]
    [InlineData("""{"types":{"A":[{"name":"a","type":"uint8"}]},"primaryType":"A","domain":{},"message":{"a":256}}""")]
    [InlineData("""{"types":{"A":[{"name":"a","type":"uint8"}]},"primaryType":"A","domain":{},"message":{"a":1.5}}""")]
    [InlineData("""{"types":{"A":[{"name":"a","type":"what"}]},"primaryType":"A","domain":{},"message":{"a":1}}""")]
    [InlineData("""{"types":{"A":[{"name":"a","type":"uint8[2]"}]},"primaryType":"A","domain":{},"message":{"a":[1]}}""")]
    [InlineData("""{"types":{"A":7},"primaryType":"A","domain":{},"message":{"a":[1]}}""")]
    public void What_is_no_typed_data_is_refused(string json) => Assert.Throws<FormatException>(() => TypedData.Parse(json));

    [Fact]
    public async Task Every_type_of_transaction_comes_into_a_block()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        using AccountSender sender = fixture.Sender(0);
        Address to = Address.Parse("0x00000000000000000000000000000000000000bb");
        foreach (TxType type in (TxType[])[TxType.Legacy, TxType.AccessList, TxType.FeeMarket])
        {
            PendingTransaction sent = await sender.TransferAsync(to, 1UL, new SendOptions { Type = type });
            await sent.WaitAsync();
            Assert.Equal(type, (await RawAsync(fixture, sent.Hash)).Type);
        }
        using LocalAccount poor = LocalAccount.Create();
        Address code = CPChain.Sdk.Contracts.SystemContracts.Market.Address;
        SendOptions delegation = new() { Authorizations = [poor.Authorize(InstantChain.ChainId, code, 0)] };
        PendingTransaction setCode = await sender.TransferAsync(to, 1UL, delegation);
        await setCode.WaitAsync();
        Assert.Equal(TxType.SetCode, (await RawAsync(fixture, setCode.Hash)).Type);
        Assert.Equal("0xef0100" + code.ToString()[2..], Hex.Encode(await fixture.Client.GetCodeAsync(poor.Address)));
    }

    // The code that the account borrows runs in the same transaction: whoever estimates has to know of it.
    [Fact]
    public async Task An_estimate_knows_the_authorizations()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        using AccountSender sender = fixture.Sender(0);
        using LocalAccount poor = LocalAccount.Create();
        // Init code whose contract stores 1 at slots 0, 1 and 2.
        PendingTransaction deployment = await sender.SendAsync(new TransactionRequest(null)
        {
            Data = Hex.Decode("0x6e600160005560018055600160025500600052600f6011f3"),
        });
        Address code = (await deployment.WaitAsync()).ContractAddress!.Value;
        SendOptions options = new() { Authorizations = [poor.Authorize(InstantChain.ChainId, code, 0)] };
        CPChain.Sdk.CallRequest call = new(poor.Address, default) { From = sender.Address };

        ulong without = await fixture.Client.EstimateGasAsync(call);
        ulong with = await fixture.Client.EstimateGasAsync(call with { Authorizations = options.Authorizations });
        ReceiptInfo receipt = await (await sender.SendAsync(new TransactionRequest(poor.Address) { Options = options })).WaitAsync();

        Assert.Equal(21_000UL, without);
        Assert.InRange(with, 21_000UL + 25_000UL + (3 * 20_000UL), 150_000UL);
        Assert.InRange(receipt.GasUsed, 100_000UL, with);
        Assert.Equal(1, (await fixture.ResultAsync("eth_getStorageAt", $"[\"{poor.Address}\",\"0x2\",\"latest\"]")).GetString()![^1] - '0');
    }

    [Fact]
    public async Task A_waiting_transaction_is_replaced_by_its_own_nonce()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        using AccountSender sender = fixture.Sender(0);
        Address to = Address.Parse("0x00000000000000000000000000000000000000bb");
        PendingTransaction first = await sender.TransferAsync(to, 1UL, new SendOptions { GasLimit = 21_000 });
        SendOptions higher = new() { GasLimit = 21_000, Nonce = 0, MaxFeePerGas = Units.Gwei * 50UL, MaxPriorityFeePerGas = Units.Gwei * 50UL };
        PendingTransaction second = await sender.TransferAsync(to, 2UL, higher);
        fixture.Chain.Seal();
        await second.WaitAsync();
        Assert.Equal((UInt256)2UL, await fixture.Client.GetBalanceAsync(to));
        await Assert.ThrowsAsync<ReceiptTimeoutException>(() => first.WaitAsync(TimeSpan.Zero));
    }

    [Fact]
    public void Amounts_are_exact_or_refused()
    {
        Assert.Equal(Units.Cpc * 3UL / 2UL, Coins.Cpc(1.5m));
        Assert.Equal(Coins.Cpc(1.50m), Coins.ParseCpc("1.5 CPC"));
        Assert.Equal("1.5 CPC", Coins.Show(Coins.Cpc(1.5m)));
        Assert.Equal((UInt256)1UL, Coins.Cpc(0.000000000000000001m));
        Assert.Equal((UInt256)1_234_567UL, Coins.Of(1.234567m, 6));
        Assert.Equal((UInt256)5UL, Coins.Of(5.000m, 0));
        Assert.Equal("0.000001", Coins.Show(1UL, 6));
        Assert.Equal("12", Coins.Show(12UL, 0));
        Assert.Equal(1.5m, Coins.ToDecimal(Coins.Cpc(1.5m)));
        Assert.Equal(Units.Cpc * 1_000_000_000UL, Coins.Cpc(1_000_000_000m));
        Assert.Throws<ArgumentOutOfRangeException>(() => Coins.Cpc(-1m));
        Assert.Throws<ArgumentOutOfRangeException>(() => Coins.Of(0.1234567m, 6));
        Assert.Throws<FormatException>(() => Coins.ParseCpc("1,5"));
        Assert.Throws<OverflowException>(() => Coins.ToDecimal(UInt256.MaxValue));
    }

    private static async Task<Transaction> RawAsync(RpcFixture fixture, Hash256 hash)
    {
        JsonElement raw = await fixture.ResultAsync("eth_getRawTransactionByHash", $"[\"{hash}\"]");
        Assert.True(Transaction.TryDecode(Hex.Decode(raw.GetString()!), out Transaction? transaction, out _));
        return transaction;
    }
}
