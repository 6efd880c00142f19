using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Execution.Tests.Harness;
using CPChain.Types;

namespace CPChain.Execution.Tests.Rules;

public sealed class CallSimulatorTests
{
    private static readonly PrivateKey Alice = TestChain.Users[0];
    private static readonly Address Contract = Address.Parse("0x00000000000000000000000000000000c0de0004");

    [Fact]
    public void A_call_returns_data_and_changes_nothing()
    {
        // SSTORE(0, 1); return 42.
        TestChain chain = new(genesis => TestChain.WithCode(genesis, Contract, "0x60015f55602a5f5260205ff3"));
        CallOutcome outcome = Try(chain, new CallRequest { From = Alice.Address, To = Contract });
        Assert.True(outcome.IsSuccess);
        Assert.Equal(42UL, UInt256.FromBigEndian(outcome.Output.Span));
        Assert.Equal(UInt256.Zero, chain.State.GetStorage(Contract, UInt256.Zero));
    }

    [Fact]
    public void A_revert_returns_its_reason()
    {
        TestChain chain = new(genesis => TestChain.WithCode(genesis, Contract, "0x602a5f5260205ffd"));
        CallOutcome outcome = Try(chain, new CallRequest { To = Contract });
        Assert.Equal(EvmStatus.Revert, outcome.Status);
        Assert.Equal(42UL, UInt256.FromBigEndian(outcome.Output.Span));
        GasEstimate estimate =
            CallSimulator.EstimateGas(chain.State, chain.Head, new CallRequest { To = Contract }, chain.Rules);
        Assert.Equal(EvmStatus.Revert, estimate.Failure!.Status);
    }

    [Fact]
    public void A_call_without_price_needs_no_balance_but_value_does()
    {
        TestChain chain = new();
        Address nobody = Address.FromUInt256(77UL);
        Assert.True(Try(chain, new CallRequest { From = nobody, To = Alice.Address }).IsSuccess);
        Assert.Equal(
            ValidityFault.InsufficientFunds,
            Try(chain, new CallRequest { From = nobody, To = Alice.Address, Value = 1UL }).Fault);
        Assert.Equal(
            ValidityFault.FeeCapBelowBaseFee,
            Try(chain, new CallRequest { From = Alice.Address, To = nobody, MaxFeePerGas = 1UL }).Fault);
    }

    [Fact]
    public void An_estimate_of_a_transfer_is_exact()
    {
        TestChain chain = new();
        CallRequest request = new() { From = Alice.Address, To = TestChain.Users[1].Address, Value = 1UL };
        Assert.Equal(21_000UL, CallSimulator.EstimateGas(chain.State, chain.Head, request, chain.Rules).Gas);
    }

    [Theory]
    [InlineData("0x60015f55602a60015500")] // two fresh slots
    [InlineData("0x5f5f5f5f5f335af100")] // calls back
    [InlineData("0x620186a05a11600c575f5ffd5b00")] // reverts unless 100,000 gas are left
    public void An_estimate_is_the_least_gas_that_suffices(string code)
    {
        TestChain chain = new(genesis => TestChain.WithCode(genesis, Contract, code));
        CallRequest request = new() { From = Alice.Address, To = Contract };
        GasEstimate estimate = CallSimulator.EstimateGas(chain.State, chain.Head, request, chain.Rules);
        Assert.Null(estimate.Failure);
        Assert.True(Try(chain, request with { GasLimit = estimate.Gas }).IsSuccess);
        Assert.False(Try(chain, request with { GasLimit = estimate.Gas - 1 }).IsSuccess);
    }

    [Fact]
    public void An_estimate_stays_within_what_the_sender_can_pay_and_one_transaction_may_buy()
    {
        TestChain chain = new(genesis => TestChain.WithCode(genesis, Contract, "0x5b5f56"));
        GasEstimate endless = CallSimulator.EstimateGas(
            chain.State, chain.Head, new CallRequest { From = Alice.Address, To = Contract }, chain.Rules);
        Assert.Equal(1UL << 24, endless.GasMax);
        Assert.Equal(EvmStatus.OutOfGas, endless.Failure!.Status);
        GasEstimate poor = CallSimulator.EstimateGas(
            chain.State, chain.Head,
            new CallRequest { From = Address.FromUInt256(77UL), To = Contract, MaxFeePerGas = Units.Gwei }, chain.Rules);
        Assert.Equal(0UL, poor.GasMax);
        Assert.Equal(ValidityFault.IntrinsicGasTooLow, poor.Failure!.Fault);
    }

    private static CallOutcome Try(TestChain chain, CallRequest request) =>
        CallSimulator.Call(chain.State, chain.Head, request, chain.Rules);
}
