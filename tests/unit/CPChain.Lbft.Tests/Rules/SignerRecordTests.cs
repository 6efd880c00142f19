using CPChain.Lbft.Evidence;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Votes;
using CPChain.Simulation;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Rules;

public sealed class SignerRecordTests
{
    private static readonly BlockNumber Height = new(5);

    [Fact]
    public void L17_3_refuses_what_contradicts_a_signature_and_repeats_what_was_signed()
    {
        SignerRecord record = SignerRecord.Empty;
        Assert.Equal(SigningFault.None, Authorize(ref record, Prepare(0, "b")));
        Assert.Equal(SigningFault.None, Authorize(ref record, Prepare(0, "b")));
        Assert.Equal(SigningFault.AnotherVote, Authorize(ref record, Prepare(0, "c")));
        Assert.Equal(SigningFault.None, Authorize(ref record, Commit(0, "b")));
        Assert.Equal(SigningFault.AnotherVote, Authorize(ref record, Commit(0, "c")));
        Assert.Equal(SigningFault.AgainstOwnCommit, Authorize(ref record, Prepare(1, "I")));
        Assert.Equal(SigningFault.None, Authorize(ref record, Prepare(1, "b", 0)));
        Assert.Equal(SigningFault.LowerRound, Authorize(ref record, Commit(0, "b")));
        Assert.Equal(SigningFault.None, Authorize(ref record, Commit(2, "b")));
        Assert.Equal(SigningFault.PrepareAfterCommit, Authorize(ref record, Prepare(2, "b", 1)));
        Assert.Equal(SigningFault.LowerHeight, Authorize(ref record, Prepare(0, "b") with { Height = new BlockNumber(4) }));
        Assert.Equal(SigningFault.None, Authorize(ref record, Prepare(0, "c") with { Height = new BlockNumber(6) }));
    }

    [Fact]
    public void L8_1_one_seal_per_height()
    {
        SignerRecord record = SignerRecord.Empty;
        Assert.Equal(SigningFault.None, Authorize(ref record, Seal(5, "b")));
        Assert.Equal(SigningFault.None, Authorize(ref record, Seal(5, "b")));
        Assert.Equal(SigningFault.AnotherVote, Authorize(ref record, Seal(5, "c")));
        Assert.Equal(SigningFault.LowerHeight, Authorize(ref record, Seal(4, "c")));
        Assert.Equal(SigningFault.None, Authorize(ref record, Seal(6, "c")));
    }

    [Fact]
    public void L22_2_nothing_that_the_signer_allows_is_misconduct()
    {
        SeededRandom random = new(11);
        for (int run = 0; run < 3000; run++)
        {
            SignerRecord record = SignerRecord.Empty;
            List<Statement> signed = [];
            for (int step = 0; step < 30; step++)
            {
                int round = random.Below(5);
                string value = random.Pick(["b", "c", "I"]);
                Statement wanted = random.Below(4) switch
                {
                    0 => Commit(round, value),
                    1 when round >= 2 => new Statement(StatementKind.Propose, Height, round, Fixture.Hash(value), random.Below(round + 1) - 1),
                    _ => Prepare(round, value, round == 0 ? -1 : random.Below(round + 1) - 1),
                };
                if (Authorize(ref record, wanted) == SigningFault.None) signed.Add(wanted);
                Assert.True(SignerRecord.TryDecode(record.Encode(), out SignerRecord? reread, out _));
                Assert.Equal(record, reread);
            }

            foreach (Statement a in signed)
                foreach (Statement b in signed)
                    Assert.Null(MisconductRules.Judge(a, b));
        }
    }

    private static SigningFault Authorize(ref SignerRecord record, Statement statement)
    {
        SigningFault fault = record.TryAuthorize(statement, out SignerRecord next);
        if (fault != SigningFault.None) Assert.Equal(record, next);
        record = next;
        return fault;
    }

    private static Statement Prepare(int round, string value, int validRound = -1) =>
        Statement.Vote(VoteClass.Prepare, Height, round, Fixture.Hash(value), validRound);

    private static Statement Commit(int round, string value) =>
        Statement.Vote(VoteClass.Commit, Height, round, Fixture.Hash(value));

    private static Statement Seal(ulong height, string value) =>
        new(StatementKind.Seal, new BlockNumber(height), 0, Fixture.Hash(value));
}
