using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Execution.Tests.Harness;
using CPChain.Types;

namespace CPChain.Execution.Tests.Rules;

/// <summary>Rule C13, EIP by EIP.</summary>
public sealed class TransactionRulesTests
{
    private static readonly PrivateKey Alice = TestChain.Users[0];
    private static readonly PrivateKey Bob = TestChain.Users[1];
    private static readonly Address Contract = Address.Parse("0x00000000000000000000000000000000c0de0001");

    private readonly TestChain _chain = new();

    [Fact]
    public void C13_a_transfer_moves_value_and_costs_21000()
    {
        UInt256 before = _chain.BalanceOf(Alice.Address);
        BlockResult result = _chain.Run(Transaction.Sign(_chain.Call(Alice, Bob.Address, value: 5UL), Alice));
        Receipt receipt = Assert.Single(result.Receipts);
        Assert.True(receipt.Success);
        Assert.Equal(21_000UL, receipt.GasUsed);
        Assert.Equal(2UL * TestChain.Gwei, receipt.EffectiveGasPrice);
        Assert.Equal(1_000UL * Units.Cpc + 5UL, _chain.BalanceOf(Bob.Address));
        Assert.Equal(before - 5UL - 21_000UL * 2UL * TestChain.Gwei, _chain.BalanceOf(Alice.Address));
    }

    [Fact]
    public void C15_the_whole_fee_goes_to_the_coinbase()
    {
        Address coinbase = _chain.ProposerOf(1).Address;
        _chain.Run(Transaction.Sign(_chain.Call(Alice, Bob.Address), Alice));
        Assert.Equal(21_000UL * 2UL * TestChain.Gwei, _chain.BalanceOf(coinbase));
    }

    [Theory]
    [InlineData(TxType.Legacy)]
    [InlineData(TxType.AccessList)]
    [InlineData(TxType.FeeMarket)]
    public void Eip2718_every_type_runs(TxType type)
    {
        UnsignedTransaction call = _chain.Call(Alice, Bob.Address, gas: 30_000) with { Type = type };
        if (type != TxType.FeeMarket)
            call = call with { MaxPriorityFeePerGas = call.MaxFeePerGas };
        Receipt receipt = Assert.Single(_chain.Run(Transaction.Sign(call, Alice)).Receipts);
        Assert.Equal(type, receipt.Type);
    }

    [Fact]
    public void Eip155_another_chain_is_refused() => Expect(
        ValidityFault.WrongChainId, _chain.Call(Alice, Bob.Address) with { ChainId = 42 });

    [Fact]
    public void Eip1559_a_cap_below_the_base_fee_is_refused() => Expect(
        ValidityFault.FeeCapBelowBaseFee,
        _chain.Call(Alice, Bob.Address) with { MaxFeePerGas = TestChain.Gwei - 1UL, MaxPriorityFeePerGas = 0UL });

    [Fact]
    public void Eip1559_a_tip_above_the_cap_is_refused() => Expect(
        ValidityFault.TipAboveFeeCap,
        _chain.Call(Alice, Bob.Address) with { MaxPriorityFeePerGas = 11UL * TestChain.Gwei });

    [Fact]
    public void Eip1559_the_sender_must_own_cap_times_limit_and_value()
    {
        UInt256 all = _chain.BalanceOf(Alice.Address);
        UnsignedTransaction call = _chain.Call(Alice, Bob.Address);
        UInt256 fee = call.MaxFeePerGas * call.GasLimit;
        Expect(ValidityFault.InsufficientFunds, call with { Value = all - fee + 1UL });
        Expect(ValidityFault.None, call with { Value = all - fee });
    }

    [Fact]
    public void C13_cost_above_256_bits_is_refused() => Expect(
        ValidityFault.CostOverflow,
        _chain.Call(Alice, Bob.Address) with { MaxFeePerGas = UInt256.MaxValue, MaxPriorityFeePerGas = 0UL });

    [Fact]
    public void C13_nonces_go_one_by_one()
    {
        Expect(ValidityFault.NonceTooHigh, _chain.Call(Alice, Bob.Address) with { Nonce = 1 });
        _chain.Run(Transaction.Sign(_chain.Call(Alice, Bob.Address), Alice));
        Expect(ValidityFault.NonceTooLow, _chain.Call(Alice, Bob.Address) with { Nonce = 0 });
        Expect(ValidityFault.NonceAtMaximum, _chain.Call(Alice, Bob.Address) with { Nonce = ulong.MaxValue });
    }

    [Fact]
    public void Eip2028_data_costs_4_and_16_a_byte()
    {
        IntrinsicGas gas = IntrinsicGas.Of(_chain.Call(Alice, Bob.Address, data: new byte[] { 0, 0, 1, 2, 3 }));
        Assert.Equal(21_000UL + 2 * 4 + 3 * 16, gas.Standard);
    }

    [Fact]
    public void Eip7623_data_has_a_floor_price()
    {
        byte[] data = new byte[1_000];
        Array.Fill(data, (byte)1);
        UnsignedTransaction call = _chain.Call(Alice, Bob.Address, data: data);
        IntrinsicGas gas = IntrinsicGas.Of(call);
        Assert.Equal(21_000UL + 16_000, gas.Standard);
        Assert.Equal(21_000UL + 40_000, gas.Floor);
        Expect(ValidityFault.IntrinsicGasTooLow, call with { GasLimit = 36_999 });
        Expect(ValidityFault.FloorGasTooLow, call with { GasLimit = 60_999 });
        BlockResult result = _chain.Run(Transaction.Sign(call with { GasLimit = 100_000 }, Alice));
        Assert.Equal(61_000UL, result.GasUsed);
    }

    [Fact]
    public void Eip2930_listed_accounts_and_slots_are_paid_and_warm()
    {
        // SLOAD of slot 1: 2100 cold, 100 warm.
        TestChain chain = new(genesis => TestChain.WithCode(genesis, Contract, "0x60015400"));
        UnsignedTransaction call = chain.Call(Alice, Contract, gas: 60_000);
        Assert.Equal(21_000UL + 3 + 2_100, chain.Run(Transaction.Sign(call, Alice)).GasUsed);
        UnsignedTransaction listed = chain.Call(Alice, Contract, gas: 60_000) with
        {
            AccessList = [new AccessListEntry(Contract, [UInt256.One])],
        };
        Assert.Equal(21_000UL + 2_400 + 1_900 + 3 + 100, chain.Run(Transaction.Sign(listed, Alice)).GasUsed);
    }

    [Fact]
    public void Eip3860_init_code_is_bounded_and_paid_by_the_word()
    {
        UnsignedTransaction create = _chain.Call(Alice, null, gas: 5_000_000, data: new byte[33]);
        Assert.Equal(53_000UL + 33 * 4 + 2 * 2, IntrinsicGas.Of(create).Standard);
        Expect(ValidityFault.InitCodeTooLong, create with { Data = new byte[49_153] });
        Expect(ValidityFault.None, create with { Data = new byte[49_152] });
    }

    [Fact]
    public void Eip7825_a_transaction_buys_2_to_the_24_gas_at_most()
    {
        Expect(ValidityFault.GasAboveTransactionMax, _chain.Call(Alice, Bob.Address, gas: (1 << 24) + 1));
        Expect(ValidityFault.None, _chain.Call(Alice, Bob.Address, gas: 1 << 24));
    }

    [Fact]
    public void Eip3607_a_contract_sends_nothing()
    {
        TestChain chain = new(genesis => genesis with
        {
            Alloc = [.. genesis.Alloc.Select(one =>
                one.Address == Alice.Address ? one with { Code = new byte[] { 0x00 } } : one)],
        });
        Assert.Equal(
            ValidityFault.SenderHasCode, chain.FaultOf(Transaction.Sign(chain.Call(Alice, Bob.Address), Alice)));
    }

    [Fact]
    public void Eip3651_the_coinbase_is_warm()
    {
        // COINBASE BALANCE STOP: 2 + 100 when warm.
        TestChain chain = new(genesis => TestChain.WithCode(genesis, Contract, "0x413100"));
        Assert.Equal(
            21_000UL + 2 + 100, chain.Run(Transaction.Sign(chain.Call(Alice, Contract, gas: 60_000), Alice)).GasUsed);
    }

    [Fact]
    public void Eip3529_refunds_give_back_a_fifth_at_most()
    {
        // Clears slot 0, which is 1: refund 4800 of 21000 + 5 + 5000 used.
        TestChain chain = new(genesis => TestChain.With(genesis, new GenesisAccount(
            Contract, UInt256.Zero, 1, Hex.Decode("0x60005f5500"), [new(UInt256.Zero, UInt256.One)])));
        Assert.Equal(
            21_000UL + 5 + 5_000 - 4_800,
            chain.Run(Transaction.Sign(chain.Call(Alice, Contract, gas: 60_000), Alice)).GasUsed);
        Assert.Equal(UInt256.Zero, chain.State.GetStorage(Contract, UInt256.Zero));
    }

    [Fact]
    public void C13_a_failed_call_pays_and_leaves_no_trace()
    {
        // SSTORE(0, 1) then INVALID.
        TestChain chain = new(genesis => TestChain.WithCode(genesis, Contract, "0x60015f55fe"));
        UInt256 before = chain.BalanceOf(Alice.Address);
        BlockResult result =
            chain.Run(Transaction.Sign(chain.Call(Alice, Contract, gas: 60_000, value: 7UL), Alice));
        Assert.False(result.Receipts[0].Success);
        Assert.Equal(60_000UL, result.GasUsed);
        Assert.Equal(before - 60_000UL * 2UL * TestChain.Gwei, chain.BalanceOf(Alice.Address));
        Assert.Equal(1UL, chain.NonceOf(Alice));
        Assert.Equal(UInt256.Zero, chain.State.GetStorage(Contract, UInt256.Zero));
    }

    [Fact]
    public void C13_a_creation_leaves_code_at_the_derived_address()
    {
        // Init code that returns the one byte 0x00 (STOP): PUSH1 1 PUSH0 RETURN.
        UnsignedTransaction create = _chain.Call(Alice, null, gas: 100_000, data: Hex.Decode("0x60015ff3"));
        Receipt receipt = Assert.Single(_chain.Run(Transaction.Sign(create, Alice)).Receipts);
        Address expected = ContractAddress.Create(Alice.Address, 0);
        Assert.Equal(expected, receipt.ContractAddress);
        Assert.True(_chain.State.TryGetAccount(expected, out Account account));
        Assert.Equal(new byte[] { 0 }, _chain.State.GetCode(account.CodeHash).ToArray());
        Assert.Equal(1UL, account.Nonce);
    }

    [Fact]
    public void C11_logs_reach_receipt_and_bloom()
    {
        // LOG1 of one byte with topic 0x2a: PUSH1 2a PUSH1 1 PUSH0 LOG1.
        TestChain chain = new(genesis => TestChain.WithCode(genesis, Contract, "0x602a60015fa100"));
        BlockResult result = chain.Run(Transaction.Sign(chain.Call(Alice, Contract, gas: 60_000), Alice));
        LogEntry log = Assert.Single(result.Receipts[0].Logs);
        Assert.Equal(Contract, log.Address);
        Assert.Equal(Hash256.FromUInt256(0x2aUL), Assert.Single(log.Topics));
        Assert.True(result.LogsBloom.MayContain(Contract.ToArray()));
        Assert.False(result.LogsBloom.MayContain(Bob.Address.ToArray()));
        Assert.Equal(result.LogsBloom, chain.Head.LogsBloom);
    }

    [Fact]
    public void C16_prevrandao_comes_from_parent_and_number()
    {
        // SSTORE(0, PREVRANDAO).
        TestChain chain = new(genesis => TestChain.WithCode(genesis, Contract, "0x445f5500"));
        Hash256 parent = chain.Head.Hash;
        chain.Run(Transaction.Sign(chain.Call(Alice, Contract, gas: 60_000), Alice));
        Assert.Equal(
            PrevRandao.Of(parent, 1).ToUInt256(), chain.State.GetStorage(Contract, UInt256.Zero));
    }

    [Fact]
    public void C6_timestamp_is_whole_seconds_and_blockhash_knows_ancestors()
    {
        // SSTORE(0, TIMESTAMP); SSTORE(1, BLOCKHASH(0)).
        TestChain chain = new(genesis => TestChain.WithCode(genesis, Contract, "0x425f555f4060015500"));
        Hash256 genesisHash = chain.Head.Hash;
        chain.Run();
        chain.Run(Transaction.Sign(chain.Call(Alice, Contract, gas: 80_000), Alice));
        Assert.Equal((UInt256)(chain.Head.TimestampMs / 1000), chain.State.GetStorage(Contract, UInt256.Zero));
        Assert.Equal(genesisHash.ToUInt256(), chain.State.GetStorage(Contract, UInt256.One));
    }

    private void Expect(ValidityFault fault, UnsignedTransaction transaction) =>
        Assert.Equal(fault, _chain.FaultOf(Transaction.Sign(transaction, Alice)));
}
