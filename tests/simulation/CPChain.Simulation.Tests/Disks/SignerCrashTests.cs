using CPChain.Chain;
using CPChain.Consensus;
using CPChain.Consensus.Journals;
using CPChain.Consensus.Signing;
using CPChain.Crypto;
using CPChain.Lbft;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Votes;
using CPChain.Simulation.Disks;
using CPChain.Storage;
using CPChain.Storage.Disks;
using CPChain.Types;

namespace CPChain.Simulation.Tests.Disks;

/// <summary>
/// What a validator has said binds it, wherever the power went, and whatever became of its journal: the signer's own record refuses every
/// statement that would prove misconduct together with one that left (L17.3, J5).
/// </summary>
public sealed class SignerCrashTests(ITestOutputHelper output) : IDisposable
{
    private const string Folder = "/node/consensus";
    private static readonly Hash256 A = Keccak256.Hash("a"u8);
    private static readonly Hash256 B = Keccak256.Hash("b"u8);

    private readonly PrivateKey key = PrivateKey.Generate(static bytes => bytes.Fill(7));

    [Fact]
    public void L17_no_crash_lets_a_signer_contradict_what_it_signed_or_makes_it_mute()
    {
        CrashEverywhere<Said> everywhere = new(() => new Said(), (disk, said) => Live(disk, said), (disk, said) =>
        {
            using NodeMemory memory = Open(disk, said.Head);
            Assert.Null(memory.Loss);
            AssertBound(memory, said);
            AssertRemembered(memory, said);
        });
        everywhere.Run();
        output.WriteLine($"{everywhere.Crashes} losses of power");
        Assert.True(everywhere.Crashes > 1000);
    }

    [Fact]
    public void L17_a_life_after_a_crash_says_nothing_against_the_life_before()
    {
        int lives = 0;
        List<DiskOperation> requests = [];
        SimulatedDisk counted = new(0)
        {
            Judge = request =>
            {
                requests.Add(request);
                return DiskVerdict.Proceed;
            },
        };
        Live(counted, new Said());
        foreach (CrashPoint point in CrashPoints.Of(requests, boundariesMax: 8))
        {
            SimulatedDisk disk = new(3);
            Said said = new();
            CrashPoints.Arm(disk, point);
            Assert.Throws<PowerLossException>(() => Live(disk, said));
            disk.Judge = null;
            disk.Start(CacheLoss.Some);
            // The second life is offered other values than the first.
            Live(disk, said, B);
            said.AssertInnocent();
            Assert.Equal(5UL, said.Head);
            lives++;
        }
        output.WriteLine($"{lives} second lives");
    }

    [Fact]
    public void L17_the_signer_refuses_a_second_vote_with_any_older_journal_beside_it()
    {
        SimulatedDisk disk = new(1);
        Said said = new();
        List<(ulong Head, byte[][] Files)> backups = [];
        Live(disk, said, onSaid: () => backups.Add((said.Head, ReadJournal(disk))));
        Assert.True(backups.Count > 20);
        int losses = 0;
        for (int i = 0; i < backups.Count; i++)
        {
            // As an operator would have it who brings back the journal alone, once beside the old chain and once beside the present one.
            foreach (ulong head in (ulong[])[backups[i].Head, said.Head - 1, said.Head])
            {
                SimulatedDisk restored = disk.Copy(1);
                WriteJournal(restored, backups[i].Files);
                using NodeMemory memory = Open(restored, head);
                AssertBound(memory, said);
                losses += memory.Loss is null ? 0 : 1;
                bool isVoteUnknown = memory.Signer.Record.Height.Value > head && backups[i].Head < said.Head - 1;
                Assert.True(memory.Loss is not null || !isVoteUnknown, "a forgotten vote for the open height is a lost journal");
            }
        }
        Assert.True(losses > 0);
    }

    [Fact]
    public void L17_a_record_that_cannot_be_written_leaves_no_signature()
    {
        foreach (DiskOperationKind kind in (DiskOperationKind[])[DiskOperationKind.Write, DiskOperationKind.SyncDirectory])
        {
            SimulatedDisk counted = new(0);
            Live(counted, new Said());
            for (long at = 1; at <= counted.Operations; at++)
            {
                SimulatedDisk disk = new(5);
                Said said = new();
                bool failed = false;
                disk.Judge = request =>
                {
                    bool fails = request.Ordinal == at && request.Kind == kind;
                    failed |= fails;
                    return fails ? DiskVerdict.Fail : DiskVerdict.Proceed;
                };
                if (Record.Exception(() => Live(disk, said)) is { } stopped)
                    Assert.IsType<StorageFailure>(stopped);
                else
                    Assert.False(failed, "a failed request was not noticed");
                disk.Judge = null;
                disk.Kill();
                using NodeMemory memory = Open(disk, said.Head);
                AssertBound(memory, said);
            }
        }
    }

    public void Dispose() => key.Dispose();

    /// <summary>A life of five heights: decided in round 0, in round 1, and after three rounds with the coordinator's part.</summary>
    private void Live(SimulatedDisk disk, Said said, Hash256? other = null, Action? onSaid = null)
    {
        Hash256 value = other ?? A;
        using NodeMemory memory = Open(disk, said.Head);
        // The memory closes the file.
        StatementSigner signer = new(key, new ChainDomain(A, 1), memory.Signer, new InlineScheduler());
        for (ulong number = said.Head + 1; number <= 5; number++)
        {
            BlockNumber height = new(number);
            List<Statement> script =
            [
                new(StatementKind.Seal, height, 0, value),
                new(StatementKind.Prepare, height, 0, value),
                new(StatementKind.Commit, height, 0, value),
            ];
            if (number % 2 == 0)
            {
                script =
                [
                    new(StatementKind.Prepare, height, 0, value),
                    new(StatementKind.ImpeachPrepare, height, 1, value),
                    new(StatementKind.ImpeachCommit, height, 1, value),
                    new(StatementKind.Propose, height, 2, value, 1),
                    new(StatementKind.ImpeachPrepare, height, 2, value, 1),
                    new(StatementKind.ImpeachCommit, height, 2, value),
                ];
            }
            memory.Journal.Append(NodeRecord.Encode(new JournalRecord.HeightOpened(height)));
            foreach (Statement statement in script)
            {
                if (statement.Kind is StatementKind.Prepare)
                    memory.Journal.Append(NodeRecord.Encode(NodeRecordKind.SealIntent, new byte[1200]));
                if (statement.Kind.IsVote())
                    memory.Journal.Append(NodeRecord.Encode(new JournalRecord.VoteIntended(statement)));
                SigningFault fault = signer.AdmitAsync(statement, memory.Journal.Flush).GetAwaiter().GetResult();
                if (fault == SigningFault.None)
                {
                    said.Add(signer.Sign(statement).Statement);
                    onSaid?.Invoke();
                }
            }
            said.Head = number;
            memory.Journal.MayForget([]);
        }
    }

    // Small files, so that they change in turn.
    private static NodeMemory Open(SimulatedDisk disk, ulong head) =>
        NodeMemory.Open(disk, Folder, head, BlockLimits.Default, segmentBytes: 8 * 1024);

    private static void AssertBound(NodeMemory memory, Said said)
    {
        SignerRecord record = memory.Signer.Record;
        foreach (Statement before in said.All)
        {
            foreach (Statement against in Contradictions(before))
            {
                Assert.NotNull(MisconductRules.Judge(before, against));
                Assert.NotEqual(SigningFault.None, record.TryAuthorize(against, out _));
            }
        }
        foreach (Statement? own in (Statement?[])[record.Prepare, record.Commit, record.Propose, record.Seal])
        {
            if (own is { } again)
                Assert.Equal(SigningFault.None, record.TryAuthorize(again, out _));
        }
    }

    private static void AssertRemembered(NodeMemory memory, Said said)
    {
        LbftState restored = memory.Restore(LbftParameters.Default, said.Head);
        foreach (Statement vote in said.All.Where(one => one.Kind.IsVote() && one.Height.Value > said.Head))
        {
            OwnRound own = restored.Recovered!.Own.Span.ToArray().Single(round => round.Round == vote.Round);
            Assert.Equal(vote, (vote.Class == VoteClass.Prepare ? own.Prepare : own.Commit)!.Statement);
        }
    }

    private static IEnumerable<Statement> Contradictions(Statement before)
    {
        yield return before with { Hash = B == before.Hash ? A : B };
        if (before.Class == VoteClass.Commit && before.Kind.IsVote())
        {
            yield return new Statement(StatementKind.ImpeachPrepare, before.Height, before.Round + 5, before.Hash, before.Round - 1);
        }
    }

    private static byte[][] ReadJournal(SimulatedDisk disk) =>
    [
        .. JournalFiles.Select(name =>
        {
            using IDiskFile file = disk.Open($"{Folder}/{name}", DiskAccess.Buffered);
            byte[] bytes = new byte[file.LengthBytes];
            file.Read(bytes, 0);
            return bytes;
        }),
    ];

    private static void WriteJournal(SimulatedDisk disk, byte[][] files)
    {
        for (int i = 0; i < files.Length; i++)
        {
            using IDiskFile file = disk.Open($"{Folder}/{JournalFiles[i]}", DiskAccess.Buffered);
            file.Write(files[i], 0);
            file.Sync();
        }
    }

    private static readonly string[] JournalFiles = ["consensus.0", "consensus.1"];

    /// <summary>What left the node, over all its lives, and the block that its ledger ends with.</summary>
    private sealed class Said
    {
        private readonly List<Statement> all = [];

        internal ulong Head { get; set; }

        internal IReadOnlyList<Statement> All => all;

        internal void Add(in Statement statement) => all.Add(statement);

        internal void AssertInnocent()
        {
            foreach (Statement one in all)
                Assert.All(all, another => Assert.Null(MisconductRules.Judge(one, another)));
        }
    }

    private sealed class InlineScheduler : TaskScheduler
    {
        protected override void QueueTask(Task task) => TryExecuteTask(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
