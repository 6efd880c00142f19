using CPChain.Chain;
using CPChain.Execution.Tests.Harness;
using CPChain.TxPool;
using CPChain.Types;

namespace CPChain.Execution.Tests.Chain;

/// <summary>
/// What version 1 wrote. To write the fixtures of a new version:
/// CPCHAIN_FIXTURES_OUT=DIR dotnet run --project tests/unit/CPChain.Execution.Tests -- --filter-class "*FixtureTests*"
/// </summary>
public sealed class FixtureTests : IDisposable
{
    private const string Journal = "storage/txpool-v1.bin";

    private readonly string _folder = Directory.CreateTempSubdirectory("cpchain-fixtures-").FullName;

    private static Transaction[] All => [Samples.Legacy, Samples.AccessList, Samples.FeeMarket, Samples.SetCode];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task C18_a_journal_of_version_1_opens_for_ever()
    {
        string copy = Path.Combine(_folder, "copy.journal");
        File.Copy(Fixtures.PathOf(Journal), copy);
        await using TransactionPool pool = Open(copy);
        Assert.Equal(All, pool.BestForBlock());
    }

    [Fact]
    public async Task C2_the_present_version_still_writes_what_the_fixtures_hold()
    {
        string folder = Environment.GetEnvironmentVariable("CPCHAIN_FIXTURES_OUT") ?? _folder;
        foreach ((string path, string text) in Texts())
        {
            await File.WriteAllTextAsync(PathIn(folder, path), text + "\n");
            Assert.Equal(Fixtures.Text(path), text);
        }
        File.Delete(PathIn(folder, Journal));
        await using (TransactionPool pool = Open(PathIn(folder, Journal)))
        {
            foreach (Transaction one in All)
                Assert.True((await pool.SubmitAsync(one, TestContext.Current.CancellationToken)).IsAccepted);
        }
        Assert.Equal(
            await File.ReadAllBytesAsync(Fixtures.PathOf(Journal)), await File.ReadAllBytesAsync(PathIn(folder, Journal)));
    }

    private static IEnumerable<(string Path, string Text)> Texts()
    {
        yield return ("wire/header-v1.hex", Hex.Encode(Samples.FullBlock().Header.Encode()));
        yield return ("wire/block-v1.hex", Hex.Encode(Samples.FullBlock().Encode()));
        yield return ("chain/genesis-v1.json", GenesisTests.Sample.Print().Trim());
        foreach (string kind in TransactionCodecTests.Kinds.Select(row => row.Data))
        {
            yield return ($"wire/transaction-{kind}-v1.hex",
                Hex.Encode(TransactionCodecTests.Sample(kind).Encoded.Span));
        }
    }

    private static TransactionPool Open(string path)
    {
        TestChain chain = new();
        return TransactionPool.Open(path, new PoolOptions(), chain.Rules, chain.Head, chain.State);
    }

    private static string PathIn(string folder, string path)
    {
        string full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return full;
    }
}
