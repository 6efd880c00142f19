namespace CPChain.Sdk.Contracts;

/// <summary>Names of what the Parameters contract holds; a name's number is also its storage slot (contracts/src/Parameters.sol).</summary>
public enum ContractParameter
{
    /// <summary>Numbers of a term, B (D2).</summary>
    TermBlocks,

    /// <summary>Below this deposit an account is no RNode, base units.</summary>
    RNodeDeposit,

    /// <summary>Accounts on one list.</summary>
    CandidatesMax,

    /// <summary>Lists that one claim enters, at most.</summary>
    TermsPerClaim,

    /// <summary>Part of a deposit that two seals cost, per mille.</summary>
    SlashPermille,

    /// <summary>Part of what is taken that goes to who reported it, per mille.</summary>
    ReporterPermille,

    /// <summary>1 while RNodes may join, else 0.</summary>
    JoiningOpen,

    /// <summary>The least deposit of who joins, base units.</summary>
    JoiningDeposit,

    /// <summary>How long an RNode stays at least, seconds.</summary>
    RNodeStay,

    /// <summary>The oldest version that may join.</summary>
    RNodeVersion,

    /// <summary>The oldest version that may claim.</summary>
    CampaignVersion,

    /// <summary>How old the block of a proof may be, blocks.</summary>
    ProofAge,

    /// <summary>Work of a processor proof, bits.</summary>
    CpuDifficulty,

    /// <summary>Work of a memory proof, bits.</summary>
    MemoryDifficulty,

    /// <summary>With fewer members of the congress nothing is proposed.</summary>
    CongressMembersMin,

    /// <summary>So many economy nodes bring a proposal before the congress.</summary>
    ProposalSupporters,

    /// <summary>Part of the congress that decides, per cent.</summary>
    ProposalYesPercent,

    /// <summary>From a decision to its execution, seconds.</summary>
    ProposalDelay,
}
