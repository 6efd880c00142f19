using CPChain.Ledger;

namespace CPChain.Storage.Tests.Ledgers;

/// <summary>Runs alone: the counter is the whole process's.</summary>
[CollectionDefinition("Alone", DisableParallelization = true)]
public sealed class AloneCollection;

[Collection("Alone")]
public sealed class IdleWritesTests
{
    // The ledger's share of the 5 KB that an idle node may write a block; the rest is for the consensus journal.
    private const long LedgerBytesMax = 2_500;

    [Fact]
    public void L9_an_idle_block_writes_little()
    {
        const int Blocks = 1_000;
        using TestDirectory directory = new();
        TestChain chain = new();
        string path = directory.File("ledger");
        byte[] certificate = new byte[400];
        new Random(1).NextBytes(certificate);
        using ChainLedger ledger = ChainLedger.OpenDirectory(path, chain.Genesis);
        for (int i = 0; i < 10; i++)
        {
            chain.Append(ledger);
        }

        long written = Counter("wchar");
        long pages = Counter("write_bytes");
        for (int i = 0; i < Blocks; i++)
        {
            (Chain.Block block, Execution.BlockResult result) = chain.Next(ledger);
            ledger.Append(block, certificate, result);
        }

        long perBlock = (Counter("wchar") - written) / Blocks;
        long toDisk = (Counter("write_bytes") - pages) / Blocks;
        TestContext.Current.SendDiagnosticMessage($"bytes a block: written {perBlock}, to the disk {toDisk}");
        Assert.InRange(perBlock, 1, LedgerBytesMax);

        // Whole pages count here where a file system takes no direct writes; none at all where it is in memory.
        Assert.InRange(toDisk, 0, LedgerBytesMax);
    }

    private static long Counter(string name) => long.Parse(
        File.ReadLines("/proc/self/io").First(l => l.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..],
        System.Globalization.CultureInfo.InvariantCulture);
}
