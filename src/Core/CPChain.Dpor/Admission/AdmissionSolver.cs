using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>
/// Searches the nonce of a proof (D12.1). Several threads share one search: thread i of k begins at i and steps by k, and
/// whoever finds a nonce cancels the others.
/// </summary>
/// <param name="Work">What is to be shown.</param>
/// <param name="Account">Who is to be admitted.</param>
/// <param name="BlockHash">Hash of a recent block; the proof holds for proofAge blocks after it (D3).</param>
/// <param name="Difficulty">Bits, 1 to 64: a search takes 2^difficulty tries on average.</param>
public sealed record AdmissionSolver(AdmissionWork Work, Address Account, Hash256 BlockHash, int Difficulty)
{
    /// <summary>The first nonce among <paramref name="first"/>, first + step, ... that is a proof; null when cancelled or when there is none.</summary>
    /// <param name="first">Where to begin.</param>
    /// <param name="step">How far to go at a time, 1 at least.</param>
    /// <param name="tried">Told before every try how many there were; on the calling thread.</param>
    /// <param name="cancel">Ends the search between two tries.</param>
    public ulong? Find(ulong first = 0, ulong step = 1, Action<ulong>? tried = null, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(step);
        ulong nonce = first;
        for (ulong tries = 0; !cancel.IsCancellationRequested; tries++)
        {
            tried?.Invoke(tries);
            if (AdmissionProof.IsRight(Work, Account, BlockHash, nonce, Difficulty)) return nonce;
            if (nonce > ulong.MaxValue - step) return null;
            nonce += step;
        }

        return null;
    }
}
