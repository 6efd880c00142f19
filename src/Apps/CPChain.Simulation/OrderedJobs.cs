namespace CPChain.Simulation;

/// <summary>
/// Pieces of work on several threads, one piece on one thread, whose results are told one by one in the order of the pieces: the same pieces
/// make the same report on any number of threads.
/// </summary>
internal static class OrderedJobs
{
    /// <summary>Does pieces 0..count-1 and returns when all begun are told.</summary>
    /// <param name="name">Of the threads.</param>
    /// <param name="jobs">Threads.</param>
    /// <param name="count">Pieces.</param>
    /// <param name="makeWorker">What one thread works with; made on it.</param>
    /// <param name="play">Does one piece.</param>
    /// <param name="tell">Hears a result; when it returns false, nothing more is begun or told.</param>
    /// <param name="cancel">Ends the work between two pieces.</param>
    internal static void Run<TWorker, TResult>(
        string name, int jobs, ulong count, Func<TWorker> makeWorker, Func<TWorker, ulong, TResult> play, Func<TResult, bool> tell,
        CancellationToken cancel)
    {
        Dictionary<ulong, TResult> waiting = [];
        ulong next = 0;
        ulong told = 0;
        bool isOver = false;
        Lock gate = new();
        Thread[] threads = [.. Enumerable.Range(0, jobs).Select(job => new Thread(Work) { Name = $"{name} {job}", IsBackground = true })];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());

        void Work()
        {
            TWorker worker = makeWorker();
            while (!cancel.IsCancellationRequested)
            {
                ulong piece;
                lock (gate)
                {
                    if (isOver || next == count) return;
                    piece = next++;
                }
                TResult result = play(worker, piece);
                lock (gate)
                {
                    waiting.Add(piece, result);
                    while (!isOver && waiting.Remove(told, out TResult? ready))
                    {
                        told++;
                        isOver = !tell(ready);
                    }
                }
            }
        }
    }

    /// <summary>The same where a thread needs nothing of its own.</summary>
    internal static void Run<TResult>(
        string name, int jobs, ulong count, Func<ulong, TResult> play, Func<TResult, bool> tell, CancellationToken cancel) =>
        Run(name, jobs, count, static () => 0, (_, piece) => play(piece), tell, cancel);
}
