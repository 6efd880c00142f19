using CPChain.Dpor;
using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Sdk.Contracts.Generated;
using CPChain.Types;

namespace CPChain.App.Proposing;

/// <summary>A claim that a block has taken in.</summary>
/// <param name="AssumedTerm">The term that its commitments were made for.</param>
/// <param name="FirstList">The first list that it entered.</param>
/// <param name="LastList">The last one.</param>
/// <param name="Block">The block.</param>
internal sealed record ClaimOutcome(ulong AssumedTerm, ulong FirstList, ulong LastList, ulong Block)
{
    /// <summary>Whether its commitments are for the terms that it serves.</summary>
    public bool IsAsAssumed => FirstList == AssumedTerm + 1;
}

/// <summary>Makes one claim: proofs for a recent block, commitments for the terms to serve, a transaction within one term.</summary>
internal sealed class CampaignClaim(ChainSession session, ChainNumbers numbers, int count)
{
    private const int Tries = 5;

    // What others enter into the same lists may change until the block.
    private const ulong GasReserve = 100_000;

    public async Task<ClaimOutcome> MakeAsync(CancellationToken cancel)
    {
        Hash256 genesis = (await session.Client.GetBlockAsync(BlockTag.Earliest, cancel))!.Hash;
        await DemandMayClaimAsync(cancel);
        for (int i = 0; i < Tries; i++)
        {
            BlockInfo block = await ProofBlockAsync(cancel);
            AdmissionProofs proofs = await ProofSearch.FindAsync(numbers, session.Address, block, session.Quiet, cancel);
            SendOptions options = await PrepareAsync(proofs, cancel);
            (ulong term, ulong head) = await WindowAsync(cancel);
            // It must still count in the last block that may take it in.
            if (head + ClaimWindow.Blocks > block.Number + numbers.ProofAge) continue;
            try
            {
                return await SendAsync(genesis, term, proofs, options, cancel);
            }
            catch (TransactionFailedException late) when (late.Error is null or Campaign.ProofTooOldError)
            {
                session.Answer.Say("the proofs grew too old before a block took the claim in: once more");
            }
        }

        throw new CommandFault(
            $"{Tries} times the proofs were older than {numbers.ProofAge} blocks before a claim was in a block.",
            "use a faster machine, or one with less to do, or do it again.", CommandFault.FailedExitCode);
    }

    // The newest but one: nodes try a transaction as if it were in their newest block, and proofs are of blocks before.
    private async Task<BlockInfo> ProofBlockAsync(CancellationToken cancel)
    {
        ulong head = await session.HeadAtLeastAsync(1, cancel);
        return (await session.Client.GetBlockAsync(head - 1, cancel))!;
    }

    // The contract judges proofs last: with none it tells everything else that stands in the way, before any work is done.
    private async Task DemandMayClaimAsync(CancellationToken cancel)
    {
        ulong head = (await ProofBlockAsync(cancel)).Number;
        try
        {
            await session.Campaign.Contract.CallAsync(
                Campaign.Abi.Function("claim"), [(byte)count, Anything(), 0UL, head, 0UL, head, ChainNumbers.ProgramVersion],
                BlockTag.Latest, session.Address, cancel: cancel);
        }
        catch (ContractRefusalException refusal) when (refusal.Error is Campaign.CpuProofWrongError or Campaign.MemoryProofWrongError)
        {
            // As expected: nothing else is wrong.
        }
    }

    private async Task<(ulong Term, ulong Head)> WindowAsync(CancellationToken cancel)
    {
        await foreach (ulong head in session.HeadsAsync(cancel))
        {
            if (ClaimWindow.TermAfter(numbers.Terms, head) is { } term) return (term, head);
        }

        throw new OperationCanceledException(cancel);
    }

    // All that takes time before the claim is sent, so that what follows the look at the head is signing alone.
    private async Task<SendOptions> PrepareAsync(AdmissionProofs proofs, CancellationToken cancel)
    {
        CallRequest call = new(session.Campaign.Address, Campaign.Abi.Function("claim").EncodeCall(
            [(byte)count, Anything(), proofs.CpuNonce, proofs.Block, proofs.MemoryNonce, proofs.Block, ChainNumbers.ProgramVersion]))
        {
            From = session.Address,
        };
        ulong gas = await session.Client.EstimateGasAsync(call, cancel);
        FeeSuggestion fees = await session.Client.SuggestFeesAsync(cancel);
        return new SendOptions
        {
            GasLimit = gas + gas / 4 + GasReserve,
            MaxFeePerGas = fees.MaxFeePerGas,
            MaxPriorityFeePerGas = fees.MaxPriorityFeePerGas,
        };
    }

    private async Task<ClaimOutcome> SendAsync(
        Hash256 genesis, ulong term, AdmissionProofs proofs, SendOptions options, CancellationToken cancel)
    {
        ulong first = ClaimWindow.FirstServed(term);
        Hash256[] commitments = [.. Enumerable.Range(0, count)
            .Select(i => RevealSecret.CommitmentOf(session.Key, genesis, first + (ulong)i, numbers.Terms.Length))];
        PendingTransaction sent = await session.Campaign.ClaimAsync(
            session.Sender, (byte)count, commitments, proofs.CpuNonce, proofs.Block, proofs.MemoryNonce, proofs.Block,
            ChainNumbers.ProgramVersion, options, cancel);
        ReceiptInfo receipt = await session.DoneAsync(sent, cancel);
        Campaign.ClaimedEvent claimed = session.Campaign.ClaimedEvents.In(receipt)[0].Event;
        return new ClaimOutcome(term, claimed.FirstList, claimed.LastList, receipt.BlockNumber);
    }

    // Commitments for what is tried and not sent.
    private Hash256[] Anything() => [.. Enumerable.Repeat(Hash256.FromBytes(UInt256.One.ToBigEndian()), count)];
}
