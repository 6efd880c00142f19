using CPChain.Consensus.Loop;
using CPChain.Crypto;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Votes;

namespace CPChain.Consensus.Signing;

/// <summary>
/// Signs LBFT statements with the node's key. Whatever binds passes the signer's own durable record first, which refuses what would
/// contradict an earlier signature, whatever the journal says (L17.3). Equal statements get equal signatures. One user at a time.
/// </summary>
internal sealed class StatementSigner(PrivateKey key, ChainDomain domain, SignerFile file, TaskScheduler scheduler, bool isGuarded = true) : IDisposable
{
    /// <summary>Nothing that binds was ever signed with this record.</summary>
    internal bool IsNew => file.IsNew;

    /// <summary>The highest height that this key has sealed a block for; 0 for none.</summary>
    internal ulong SealedThrough => file.Record.Seal?.Height.Value ?? 0;

    /// <summary>What has been signed, as the disk has it; null where no record is kept.</summary>
    internal SignerRecord? Record => isGuarded ? file.Record : null;

    /// <summary>Makes the record durable that must stand before the signature. A fault means: never sign this.</summary>
    internal SigningFault Admit(in Statement statement)
    {
        if (!isGuarded)
        {
            // A weakened rule must be found by what it breaks, not hidden by this second line of defence.
            return SigningFault.None;
        }
        SigningFault fault = file.Record.TryAuthorize(statement, out SignerRecord next);
        if (fault == SigningFault.None && next != file.Record)
        {
            file.Save(next);
        }
        return fault;
    }

    /// <summary>
    /// Makes journal and record durable, the journal first (rule J5.2). A crash or a failing disk then never leaves a record of votes
    /// beside a journal without them, which would make the node mute for as long as the height lasts (L18).
    /// </summary>
    internal async Task<SigningFault> AdmitAsync(Statement statement, Action flushJournal)
    {
        flushJournal();
        return await scheduler.Begin(() => Admit(statement)).ConfigureAwait(false);
    }

    /// <summary>The signature of an admitted statement.</summary>
    internal SignedStatement Sign(in Statement statement) => new(statement, key.Sign(statement.Digest(domain)));

    public void Dispose() => file.Dispose();
}
