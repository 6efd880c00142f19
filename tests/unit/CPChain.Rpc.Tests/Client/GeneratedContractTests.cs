using System.Numerics;
using CPChain.Rpc.Tests.Chain;
using CPChain.Rpc.Tests.Generated;
using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Sdk.Generation;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Client;

/// <summary>C# that is generated from an ABI, compiled here, against the contract that the ABI is of.</summary>
public sealed class GeneratedContractTests
{
    private static readonly Address s_somebody = Address.Parse("0x00000000000000000000000000000000000000bb");

    private static readonly Everything.Shape s_shape = new(
        [1, 2, 3, 4], "čaj", [new Everything.Point(-7, long.MinValue)], [new Everything.Point(1, 2), new Everything.Point(int.MaxValue, 4)],
        2, s_somebody);

    [Theory]
    [InlineData("contracts/samples/SampleToken.json", "CPChain.Samples", "samples/CPChain.Samples/Generated/SampleToken.cs", true)]
    [InlineData("contracts/samples/Everything.json", "CPChain.Rpc.Tests.Generated", "tests/unit/CPChain.Rpc.Tests/Generated/Everything.cs", true)]
    public void Committed_code_is_what_the_generator_makes(string artifact, string space, string file, bool hasBytecode)
    {
        CompiledContract contract = CompiledContract.Parse(RepositoryFile.Read(artifact));
        GeneratorOptions options = new(space, Path.GetFileNameWithoutExtension(file)) { HasBytecode = hasBytecode };
        Assert.Equal(RepositoryFile.Read(file), ContractGenerator.Generate(contract, options));
    }

    [Fact]
    public void Committed_code_of_every_system_contract_is_what_the_generator_makes()
    {
        foreach (SystemContract contract in SystemContracts.All.Concat(SystemContracts.Economy))
        {
            // A class Dpor would hide behind the namespace of the rules in every file of this repository.
            string name = contract.Name == "Dpor" ? "DporViews" : contract.Name;
            Committed_code_is_what_the_generator_makes($"contracts/artifacts/{contract.Name}.json", "CPChain.Sdk.Contracts.Generated",
                $"src/Node/CPChain.Sdk/Contracts/Generated/{name}.cs", hasBytecode: false);
        }
    }

    [Fact]
    public async Task Values_of_every_type_come_back_as_they_went()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        Everything all = await DeployAsync(fixture);
        UInt256 top = UInt256.MaxValue;
        Assert.Equal(
            ((byte)255, ushort.MaxValue, 0xffffffU, uint.MaxValue, 0xffffffffffUL, ulong.MaxValue, (UInt256.One << 72) - 1UL, (UInt256.One << 128) - 1UL, top),
            await all.UnsignedAsync(255, ushort.MaxValue, 0xffffff, uint.MaxValue, 0xffffffffff, ulong.MaxValue, (UInt256.One << 72) - 1UL, (UInt256.One << 128) - 1UL, top));
        BigInteger least = -(BigInteger.One << 255);
        Assert.Equal(
            ((sbyte)-128, short.MinValue, -8_388_608, int.MinValue, -(1L << 39), long.MinValue, -(BigInteger.One << 71), BigInteger.MinusOne, least),
            await all.SignedAsync(-128, short.MinValue, -8_388_608, int.MinValue, -(1L << 39), long.MinValue, -(BigInteger.One << 71), -1, least));

        Hash256 word = Hash256.FromUInt256(top);
        var raw = await all.RawAsync([9], [1, 2, 3, 4, 5, 6, 7], word, [0, 255, 0], "🍵", true, s_somebody, 1);
        Assert.Equal([[9], [1, 2, 3, 4, 5, 6, 7], word.ToArray(), [0, 255, 0]], [raw.Value1, raw.Value2, raw.Value3.ToArray(), raw.Value4]);
        Assert.Equal(("🍵", true, s_somebody, (byte)1), (raw.Value5, raw.Value6, raw.Value7, raw.Value8));

        AssertSame(s_shape, await all.EchoAsync(s_shape));
        var lists = await all.OrdersAsync([new Everything.Order(5UL, [1], [7, 8]), new Everything.Order(6UL, [], [])], new byte[] { 1, 2, 255 }, [["a", ""], []]);
        Assert.Equal([5UL, 6UL], lists.Value1.Select(o => (ulong)o.Order2));
        Assert.Equal([7UL, 8UL], lists.Value1[0].Event);
        Assert.Equal([1, 2, 255], lists.Value2);
        Assert.Equal([["a", ""], []], lists.Value3);
        byte[] function = [.. s_somebody.ToArray(), 1, 2, 3, 4];
        Assert.Equal(function, await all.CallbackAsync(function));
    }

    [Fact]
    public async Task What_does_not_fit_its_type_is_refused_before_it_is_sent()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        Everything all = await DeployAsync(fixture);
        await Assert.ThrowsAsync<ArgumentException>(() => all.UnsignedAsync(0, 0, 1U << 24, 0, 0, 0, 0UL, 0UL, 0UL));
        await Assert.ThrowsAsync<ArgumentException>(() => all.UnsignedAsync(0, 0, 0, 0, 0, 0, UInt256.One << 72, 0UL, 0UL));
        await Assert.ThrowsAsync<ArgumentException>(() => all.SignedAsync(0, 0, 8_388_608, 0, 0, 0, 0, 0, 0));
        await Assert.ThrowsAsync<ArgumentException>(() => all.EchoAsync(s_shape with { Tag = [1] }));
        await Assert.ThrowsAsync<ArgumentException>(() => all.EchoAsync(s_shape with { Corners = [] }));
        await Assert.ThrowsAsync<ArgumentException>(() => all.EchoAsync(s_shape with { Label = null! }));
    }

    [Fact]
    public async Task Names_that_CSharp_keeps_and_overloads_are_callable()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        Everything all = await DeployAsync(fixture);
        Assert.Equal((3UL, s_somebody), await all.LockAsync(@params: 3UL, @class: s_somebody));
        Assert.Equal(UInt256.One, await all.PrivateNameAsync(arg1: 9UL));
        Assert.Equal(Hash256.FromUInt256(7UL), await all.DomainSeparatorAsync());
        Assert.Equal(21UL, await all.DollarAsync(a: 1UL, block: 2UL, cancel: 3UL, output: 4UL, sender: 5UL, options: 6UL));
        Assert.Equal(4UL, await all.PickAsync((UInt256)4UL));
        Assert.Equal(6UL, await all.PickAsync(4UL, "ab"));
        Assert.Equal(3UL, await all.PickAsync([1, 1, 1]));
        Assert.Equal(0x010101UL, await all.PickBytes3Async([1, 1, 1]));
        Assert.Throws<ArgumentException>(() => Everything.Abi.Function("pick"));
    }

    [Fact]
    public async Task A_deployment_a_payment_and_a_trial_keep_their_values()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        using AccountSender sender = fixture.Sender(0);
        Everything all = await DeployAsync(fixture, payment: 100UL);
        Assert.Equal(1_099_511_627_775UL, await all.BornAsync());
        Assert.Equal((UInt256)107UL, await all.StoredAsync());
        Assert.Equal(((UInt256)110UL, true), await all.SimulateTakeAsync(sender.Address, 3UL, payment: 1UL));
        Assert.Equal((UInt256)107UL, await all.StoredAsync());
        await all.TakeAsync(sender, 3UL, payment: 1UL).AndWaitAsync();
        Assert.Equal((UInt256)110UL, await all.StoredAsync());
        await sender.TransferAsync(all.Address, 5UL).AndWaitAsync();
        Assert.Equal((UInt256)115UL, await all.StoredAsync());
        await all.FillAsync(sender, Hash256.Zero, 77).AndWaitAsync();
        Assert.Equal((ushort)77, await all.GridAsync(sender.Address, Hash256.Zero));
    }

    [Fact]
    public async Task Events_are_records_found_by_their_indexed_values()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        using AccountSender sender = fixture.Sender(0), other = fixture.Sender(1);
        Everything all = await DeployAsync(fixture);
        ReceiptInfo receipt = await all.TellAsync(sender, s_shape).AndWaitAsync();
        await all.TellAsync(other, s_shape with { Label = "else" }).AndWaitAsync();

        Everything.NamedEvent named = Assert.Single(all.NamedEvents.In(receipt)).Event;
        Assert.Equal((sender.Address, new BigInteger(-5)), (named.Who, named.Amount));
        AssertSame(s_shape, named.Shape);
        Assert.Equal(2, (await all.NamedEvents.GetAsync()).Count);
        Assert.Equal(sender.Address, Assert.Single(await all.NamedEvents.GetAsync(filter: new() { Topic = "čaj" })).Event.Who);
        Assert.Equal(other.Address, Assert.Single(await all.NamedEvents.GetAsync(filter: new() { Who = other.Address })).Event.Who);
        Assert.Empty(await all.NamedEvents.GetAsync(filter: new() { Who = other.Address, Topic = "čaj" }));

        Everything.SizedEvent sized = Assert.Single(all.SizedEvents.In(receipt)).Event;
        Assert.Equal(((byte)200, (short)-300, true), (sized.A, sized.B, sized.C));
        Assert.Equal("sized!!"u8.ToArray(), sized.D);
        Assert.Equal(2, (await all.SizedEvents.GetAsync(filter: new() { B = -300, C = true })).Count);
        Assert.Empty(await all.SizedEvents.GetAsync(filter: new() { B = 300 }));
        Everything.ListedEvent listed = Assert.Single(all.ListedEvents.In(receipt)).Event;
        Assert.Equal(s_shape.Point, listed.Points);
        Assert.Single(all.ListedEvents.In(receipt));
        Assert.Equal(2, (await all.ListedEvents.GetAsync(filter: new() { Triple = listed.Triple })).Count);
        Assert.Single(all.PlainEvents.In(receipt));
        Assert.Equal((UInt256)9UL, Assert.Single(all.PlainEvents2.In(receipt)).Event.N);
        Everything.SecretEvent secret = Assert.Single(all.SecretEvents.In(receipt)).Event;
        Assert.Equal((UInt256)42UL, secret.Number);
        Assert.Equal(2, (await all.SecretEvents.GetAsync(filter: new() { Number = 42UL })).Count);
    }

    [Fact]
    public async Task Every_kind_of_refusal_is_a_typed_error()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        Everything all = await DeployAsync(fixture);
        async Task<ContractError> ErrorAsync(ulong kind) =>
            (await Assert.ThrowsAsync<ContractRefusalException>(() => all.RefuseAsync(kind, s_shape))).Error;
        AssertSame(s_shape, Assert.IsType<Everything.RefusedError>(await ErrorAsync(0)).Shape);
        Assert.Equal(new Everything.LowError(1UL, 2UL), await ErrorAsync(1));
        Assert.Equal(new Everything.NothingError(), await ErrorAsync(2));
        Assert.Equal(new TextRevert("in words"), await ErrorAsync(3));
        Assert.Equal("an assertion failed", Assert.IsType<PanicRevert>(await ErrorAsync(4)).Meaning);
        Assert.Equal(new EmptyRevert(), await ErrorAsync(5));
        Assert.Null(Everything.DecodeError([1, 2, 3, 4]));
    }

    [Fact]
    public async Task A_failure_in_the_block_has_the_error_too()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        using AccountSender sender = fixture.Sender(0);
        Everything all = await DeployAsync(fixture);
        SendOptions unasked = new() { GasLimit = 200_000 };
        TransactionFailedException failed = await Assert.ThrowsAsync<TransactionFailedException>(
            () => all.RefuseLateAsync(sender, 4UL, unasked).AndWaitAsync());
        Assert.Equal(new Everything.LowError(4UL, 4UL), failed.Error);
        ContractRefusalException refused = await Assert.ThrowsAsync<ContractRefusalException>(() => all.RefuseLateAsync(sender, 4UL));
        Assert.Equal("Low(4, 4)", refused.Reason);
    }

    [Fact]
    public async Task An_address_without_a_contract_is_told_so()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        Everything nobody = new(fixture.Client, s_somebody);
        BadAnswerException e = await Assert.ThrowsAsync<BadAnswerException>(() => nobody.StoredAsync());
        Assert.Contains("there is no contract", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("{}")]
    [InlineData("""{"abi":7}""")]
    [InlineData("""[{"type":7}]""")]
    [InlineData("""[{"type":"function","name":"a b;","inputs":[]}]""")]
    [InlineData("""[{"type":"function","name":"f","inputs":[{"name":"\"\"\"","type":"uint8"}]}]""")]
    [InlineData("""[{"type":"function","name":"f","inputs":[{"name":"x","type":"uint256[65535][65535]"}]}]""")]
    [InlineData("""[{"type":"function","name":"f","inputs":[{"name":"x","type":"fixed128x18"}]}]""")]
    [InlineData("""{"abi":[],"bytecode":"0x60__$a$__"}""")]
    public void A_file_that_is_no_contract_is_refused(string json) => Assert.Throws<FormatException>(() => CompiledContract.Parse(json));

    [Theory]
    [InlineData("class", "A")]
    [InlineData("A.B", "1A")]
    [InlineData("A.", "B")]
    [InlineData("A", "Address")]
    public void A_name_that_CSharp_does_not_take_is_refused(string space, string name) =>
        Assert.Throws<FormatException>(() => ContractGenerator.Generate(CompiledContract.Parse("[]"), new GeneratorOptions(space, name)));

    private static async Task<Everything> DeployAsync(RpcFixture fixture, UInt256 payment = default)
    {
        using AccountSender sender = fixture.Sender(0);
        return await Everything.DeployAsync(sender, 1_099_511_627_775, new Everything.Point(5, 6), [[1], []], payment).AndWaitAsync();
    }

    private static void AssertSame(Everything.Shape expected, Everything.Shape actual)
    {
        Assert.Equal(expected.Tag, actual.Tag);
        Assert.Equal(expected.Point, actual.Point);
        Assert.Equal(expected.Corners, actual.Corners);
        Assert.Equal((expected.Label, expected.Color, expected.Owner), (actual.Label, actual.Color, actual.Owner));
    }
}
