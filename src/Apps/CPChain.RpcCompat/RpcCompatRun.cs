using System.Text;
using CPChain.Evm;
using CPChain.EvmTools;
using CPChain.Rpc;
using CPChain.RpcCompat.Cases;
using CPChain.RpcCompat.Ethereum;
using CPChain.TxPool;

namespace CPChain.RpcCompat;

/// <summary>
/// Replays requests of Ethereum's execution-apis against the methods of this node's RPC server, over Ethereum's own test chain: the chain is
/// run block by block and every root compared, then each request goes through the dispatcher that serves clients.
/// </summary>
public static class RpcCompatRun
{
    private const string ChainFile = "chain.rlp";
    private const string GenesisFile = "genesis.json";
    private const string CaseEnding = ".io";

    /// <summary>Runs a folder or a .tar.xz archive that has the chain and its genesis beside the cases.</summary>
    /// <exception cref="FormatException">Chain, genesis or a case is missing or cannot be read, or a block does not do what it says.</exception>
    public static async Task<RpcCompatReport> RunAsync(string path, CancellationToken cancel)
    {
        List<(string Name, byte[] Content)> files = [.. FileSet.Read(
            path, name => name.EndsWith(CaseEnding, StringComparison.Ordinal) || Path.GetFileName(name) is ChainFile or GenesisFile)];
        EthereumChain chain = EthereumChain.Import(One(files, GenesisFile), One(files, ChainFile));
        IoCase[] cases = [.. files.Where(static file => file.Name.EndsWith(CaseEnding, StringComparison.Ordinal))
            .Select(static file => IoCase.Read(file.Name, file.Content)).OrderBy(static one => one.Name, StringComparer.Ordinal)];
        if (cases.Length == 0) throw new FormatException($"there is no {CaseEnding} file");

        // The pool is the node's own, with its journal: what is sent is really taken.
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cpchain-rpc-compat-");
        try
        {
            await using TransactionPool pool = TransactionPool.Open(
                Path.Combine(folder.FullName, "pool"), new PoolOptions(), chain.Rules, chain.Head, chain.HeadState.View);
            RpcBackend backend = new() { Chain = chain, Pool = pool, NetworkName = "execution-apis" };
            using RpcService service = new(new RpcOptions(), backend);
            return await ReplayAsync(cases, service, chain, cancel).ConfigureAwait(false);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<RpcCompatReport> ReplayAsync(
        IEnumerable<IoCase> cases, RpcService service, EthereumChain chain, CancellationToken cancel)
    {
        List<string> passed = [];
        List<FailedExchange> failures = [];
        List<LeftOutCase> leftOut = [];
        foreach (IoCase one in cases)
        {
            if (ExpectedFailures.WhyLeftOut(one.Method) is { } reason)
            {
                leftOut.Add(new LeftOutCase(one.Name, reason));
                continue;
            }
            if (await DifferenceAsync(one, service, cancel).ConfigureAwait(false) is { } difference)
                failures.Add(new FailedExchange(one.Name, difference, ExpectedFailures.Listed.GetValueOrDefault(one.Name)));
            else passed.Add(one.Name);
        }
        return new RpcCompatReport(
            (int)chain.Head.Number, passed, failures, leftOut, [.. passed.Where(ExpectedFailures.Listed.ContainsKey)]);
    }

    private static async Task<string?> DifferenceAsync(IoCase one, RpcService service, CancellationToken cancel)
    {
        foreach (Exchange exchange in one.Exchanges)
        {
            ReadOnlyMemory<byte> answer = await service.AnswerAsync(exchange.Request, cancel).ConfigureAwait(false);
            if (AnswerComparison.Difference(exchange.Answer, answer.Span, one.IsShapeOnly) is { } difference) return difference;
        }
        return null;
    }

    private static byte[] One(List<(string Name, byte[] Content)> files, string name)
    {
        byte[][] found = [.. files.Where(file => Path.GetFileName(file.Name) == name).Select(static file => file.Content)];
        return found.Length == 1 ? found[0] : throw new FormatException($"{found.Length} files named {name} where one is expected");
    }
}
