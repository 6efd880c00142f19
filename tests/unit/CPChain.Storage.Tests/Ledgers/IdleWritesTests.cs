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

        long written = WrittenBytes();
        long size = SizeOf(path);
        for (int i = 0; i < Blocks; i++)
        {
            (Chain.Block block, Execution.BlockResult result) = chain.Next(ledger);
            ledger.Append(block, certificate, result);
        }

        long perBlock = (WrittenBytes() - written) / Blocks;
        long growth = (SizeOf(path) - size) / Blocks;
        TestContext.Current.SendDiagnosticMessage($"bytes a block: written {perBlock}, directory growth {growth}");
        Assert.InRange(growth, 1, LedgerBytesMax);
        Assert.InRange(perBlock, 1, LedgerBytesMax);
    }

    private static long WrittenBytes() => long.Parse(
        File.ReadLines("/proc/self/io").First(static l => l.StartsWith("wchar:", StringComparison.Ordinal))["wchar:".Length..],
        System.Globalization.CultureInfo.InvariantCulture);

    private static long SizeOf(string directory) => Directory.GetFiles(directory).Sum(static f => new FileInfo(f).Length);
}
