using System.Buffers.Binary;
using CPChain.Consensus.Loop;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Execution;
using CPChain.Lbft.Evidence;
using CPChain.Types;

namespace CPChain.Consensus.Proposing;

/// <summary>
/// Brings proofs of misconduct before the Evidence contract (D16). The validators take turns: who comes later sends only if no earlier
/// one has got the proof into a block, so that as a rule one of them pays for it. What takes no deposit pays nobody, and one fault on record
/// is enough for governance: of such a signer only the first is brought, or it could spend the others' coins.
/// </summary>
internal sealed class EvidenceReporter(LoopContext context, PrivateKey key, ElectedCommittees elections)
{
    private const int PendingMax = 64;
    private const ulong Gas = 400_000;

    // Blocks that a reporter has before the next one tries, and before it tries again itself.
    private const ulong TurnBlocks = 2;
    private const ulong AgainBlocks = 8;

    private static readonly byte[] s_report = [.. Keccak256.Hash("report(bytes)"u8).ToArray().Take(4)];

    private readonly OwnTransactions own = new(context, key);
    private readonly Terms terms = elections.Dpor.Parameters.Terms;
    private readonly Dictionary<(Address Signer, ulong Number), Proof> pending = [];

    private sealed record Proof(byte[] Bytes, MisconductKind Kind, ulong DueAt);

    /// <summary>A proof was met; it is durable already.</summary>
    internal void Seen(Misconduct misconduct)
    {
        ulong number = misconduct.First.Statement.Height.Value;
        if (pending.Count < PendingMax
            && MisconductVerifier.Verify(misconduct, context.Book.Domain, out Address signer) == MisconductFault.None)
        {
            pending.TryAdd((signer, number), new Proof(
                MisconductCodec.Encode(misconduct), misconduct.Kind, context.Ledger.Head.Number + Rank(number)));
        }
    }

    /// <summary>Looks at what is pending after a block is final.</summary>
    internal void AfterBlock(ulong head)
    {
        if (pending.Count == 0)
        {
            return;
        }
        StateWords words = new(context.Ledger.HeadState);
        foreach (((Address signer, ulong number) fault, Proof proof) in pending.ToArray())
        {
            bool isTooOld = terms.TermOf(fault.number) + 1 < terms.TermOf(head + 1);
            bool takesDeposit = proof.Kind == MisconductKind.TwoSeals && !new StoredView(words).DepositOf(fault.signer).IsZero;
            if (isTooOld || !words.Load(SystemContracts.Evidence, Slots.Punished(fault.signer, fault.number)).IsZero
                || (!takesDeposit && !words.Load(SystemContracts.Evidence, Slots.Faults(fault.signer)).IsZero))
            {
                pending.Remove(fault);
            }
            else if (proof.DueAt <= head && fault.number <= head)
            {
                pending[fault] = proof with { DueAt = head + AgainBlocks };
                own.Send(
                    SystemContracts.Evidence, DataOf(proof.Bytes), Gas, reason => context.Logger.ReportRefused(fault.number, reason));
                // One a block: the next nonce is known when this one has been taken.
                return;
            }
        }
    }

    private ulong Rank(ulong number)
    {
        Lbft.Certificates.Committee committee = context.Book.CommitteeOf(context.Ledger.Head.Number + 1);
        int seats = committee.Size.Validators;
        int seat = committee.SeatOf(context.Identity)?.Index ?? seats;
        return TurnBlocks * (((ulong)seat + number) % (ulong)(seats + 1));
    }

    // ABI of one argument of dynamic length: where it begins, how long it is, its bytes padded to words.
    private static byte[] DataOf(byte[] proof)
    {
        const int word = 32;
        byte[] data = new byte[4 + (2 * word) + ((proof.Length + word - 1) / word * word)];
        s_report.CopyTo(data, 0);
        data[4 + word - 1] = word;
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4 + (2 * word) - 4), proof.Length);
        proof.CopyTo(data, 4 + (2 * word));
        return data;
    }
}
