using CPChain.Types;

namespace CPChain.Dpor.Tests.Admission;

/// <summary>D12.1 and D12.3. Vectors: hashlib of Python 3.11.</summary>
public sealed class AdmissionProofTests
{
    private static readonly Address Account = Address.FromBytes([.. Enumerable.Range(1, 20).Select(static i => (byte)i)]);
    private static readonly Hash256 Block = Hash256.FromBytes([.. Enumerable.Range(100, 32).Select(static i => (byte)i)]);

    public static TheoryData<AdmissionWork> Works => [AdmissionWork.Processor, AdmissionWork.Memory];

    [Theory]
    [InlineData(AdmissionWork.Processor, "0x2c8ee611f30f998140e56fe47d3f28c0a972cf1838ae8c3e977d419efe94b461")]
    [InlineData(AdmissionWork.Memory, "0x82e90743a556a520d0baff3ea255d9052cfa17181f2a763cf820634693f62c70")]
    public void D12_1_the_result_is_that_of_other_programs(AdmissionWork work, string expected) =>
        Assert.Equal(UInt256.Parse(expected), AdmissionProof.ResultOf(work, Account, Block, 0x0102030405060708));

    [Theory]
    [InlineData(AdmissionWork.Processor, 4UL)]
    [InlineData(AdmissionWork.Memory, 8UL)]
    public void D12_1_the_solver_finds_the_first_nonce(AdmissionWork work, ulong first)
    {
        List<ulong> tried = [];
        AdmissionSolver solver = new(work, Account, Block, 6);
        Assert.Equal(first, solver.Find(tried: tried.Add));
        Assert.Equal(Enumerable.Range(0, (int)first + 1).Select(static i => (ulong)i), tried);
        Assert.True(AdmissionProof.IsRight(work, Account, Block, first, 6));
        Assert.False(AdmissionProof.IsRight(work, Account, Block, first - 1, 6));
    }

    [Theory]
    [MemberData(nameof(Works))]
    public void D12_3_a_proof_holds_for_one_account_and_one_block(AdmissionWork work)
    {
        ulong nonce = new AdmissionSolver(work, Account, Block, 5).Find() ?? throw new InvalidOperationException();
        Assert.True(AdmissionProof.IsRight(work, Account, Block, nonce, 5));
        Assert.False(AdmissionProof.IsRight(work, Fixture.Of(1), Block, nonce, 5));
        Assert.False(AdmissionProof.IsRight(work, Account, Fixture.Hash(1), nonce, 5));
    }

    [Fact]
    public void D12_1_right_is_at_most_two_to_256_less_difficulty()
    {
        for (ulong nonce = 0; nonce < 200; nonce++)
        {
            UInt256 result = AdmissionProof.ResultOf(AdmissionWork.Processor, Account, Block, nonce);
            for (int difficulty = 1; difficulty <= 64; difficulty++)
            {
                Assert.Equal(
                    result <= UInt256.One << (256 - difficulty),
                    AdmissionProof.IsRight(AdmissionWork.Processor, Account, Block, nonce, difficulty));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    [InlineData(-1)]
    public void There_is_no_other_difficulty(int difficulty) => Assert.Throws<ArgumentOutOfRangeException>(
        () => AdmissionProof.IsRight(AdmissionWork.Processor, Account, Block, 0, difficulty));

    [Fact]
    public void Threads_share_a_search_without_trying_a_nonce_twice()
    {
        AdmissionSolver solver = new(AdmissionWork.Processor, Account, Block, 10);
        ulong expected = solver.Find() ?? throw new InvalidOperationException();
        ulong?[] found = [.. Enumerable.Range(0, 3).Select(i => solver.Find((ulong)i, 3))];
        Assert.Equal(expected, found.Min());
        Assert.Equal([0UL, 1, 2], found.Select(static (nonce, i) => nonce!.Value % 3));
    }

    [Fact]
    public void A_search_ends_when_it_is_cancelled_and_at_the_last_nonce()
    {
        using CancellationTokenSource cancel = new();
        AdmissionSolver hopeless = new(AdmissionWork.Processor, Account, Block, 64);
        Assert.Null(hopeless.Find(tried: tries => { if (tries == 100) cancel.Cancel(); }, cancel: cancel.Token));

        int tried = 0;
        Assert.Null(hopeless.Find(ulong.MaxValue - 5, 2, _ => tried++, TestContext.Current.CancellationToken));
        Assert.Equal(3, tried);
        Assert.Throws<ArgumentOutOfRangeException>(() => hopeless.Find(step: 0));
    }
}
