using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.TxPool;

/// <summary>
/// Works out the senders of a block before it is run, on two threads, and reads the accounts that it will touch. It changes no
/// outcome: transactions keep their sender, states their values. Few transactions are left to whoever runs the block.
/// </summary>
public static class SenderRecovery
{
    // Fewer take less time than a second thread takes to begin.
    private const int FewMax = 64;
    private const int ThreadsMax = 2;
    private const int AtOnce = RecoveryBatch.Size;

    public static void Run(ImmutableArray<Transaction> transactions, IStateReader state, TaskScheduler scheduler)
    {
        if (transactions.Length <= FewMax)
        {
            return;
        }

        ParallelOptions where = new() { TaskScheduler = scheduler, MaxDegreeOfParallelism = ThreadsMax };
        try
        {
            Parallel.For(0, (transactions.Length + AtOnce - 1) / AtOnce, where, part => Run(
                transactions.AsSpan().Slice(part * AtOnce, Math.Min(AtOnce, transactions.Length - (part * AtOnce))), state));
        }
        catch (AggregateException failures)
        {
            // The failure of the store that was read, as whoever runs the block would meet it.
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }

    private static void Run(ReadOnlySpan<Transaction> transactions, IStateReader state)
    {
        Transaction.RecoverSenders(transactions);
        foreach (Transaction transaction in transactions)
        {
            if (transaction.TryRecoverSender(out Address sender))
            {
                state.TryGetAccount(sender, out _);
            }

            if (transaction.To is { } to)
            {
                state.TryGetAccount(to, out _);
            }
        }
    }
}
