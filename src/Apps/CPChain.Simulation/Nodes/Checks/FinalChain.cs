using CPChain.Chain;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Simulation.Nodes.Checks;

/// <summary>The one chain that all honest nodes must share: agreement, and the validity of each block and certificate.</summary>
internal sealed class FinalChain
{
    private readonly ChainRules rules;
    private readonly bool judgesCertificates;
    private readonly ChainDomain domain;
    private readonly List<BlockHeader> headers = [];
    private readonly List<Turn> turns = [];
    private readonly Dictionary<Hash256, Committee> committees = [];
    private readonly HashSet<(ulong Number, Hash256 Certificate)> verified = [];

    /// <param name="genesis">Of the chain.</param>
    /// <param name="judgesCertificates">False under rules whose certificates are no certificates: then forks alone count.</param>
    internal FinalChain(Genesis genesis, bool judgesCertificates)
    {
        this.judgesCertificates = judgesCertificates;
        (Block block, _, rules) = GenesisState.Create(genesis);
        domain = new ChainDomain(block.Hash, genesis.ChainId);
        headers.Add(block.Header);
    }

    /// <summary>A node has opened its ledger: the first one of all has block 0 and no more.</summary>
    internal void Opened(IStateReader headState)
    {
        if (turns.Count == 0)
        {
            turns.Add(rules.Committees.TurnOf(1, headState));
        }
    }

    internal Hash256 GenesisHash => domain.GenesisHash;

    /// <summary>The highest number that any node has final.</summary>
    internal ulong Head => (ulong)headers.Count - 1;

    internal Hash256? Find(ulong number) => number <= Head ? headers[(int)number].Hash : null;

    internal BlockHeader Header(ulong number) => headers[(int)number];

    /// <summary>Whose number it is: known up to the one after the head.</summary>
    internal Turn TurnOf(ulong number) => turns[(int)number - 1];

    /// <summary>What is wrong with a block that some node takes for final, or null.</summary>
    /// <param name="block">The block.</param>
    /// <param name="certificate">What makes it final there.</param>
    /// <param name="state">The state after it there.</param>
    /// <param name="round">In which round it was decided.</param>
    internal string? Add(Block block, byte[]? certificate, IStateReader state, out int round)
    {
        ulong number = block.Header.Number;
        round = -1;
        if (number > Head + 1)
        {
            return $"block {number} is final here, but block {Head + 1} nowhere";
        }
        if (judgesCertificates && FaultOf(number, block.Hash, block.IsImpeach, certificate, out round) is { } fault)
        {
            return fault;
        }
        if (number <= Head)
        {
            return headers[(int)number].Hash == block.Hash
                ? null
                : $"FORK at {number}: {block.Hash} (round {round}) against {headers[(int)number].Hash}";
        }
        BlockFault broken = HeaderRules.Check(block, headers[(int)number - 1], TurnOf(number), rules);
        headers.Add(block.Header);
        turns.Add(rules.Committees.TurnOf(number + 1, state));
        return broken.IsNone ? null : $"block {number} is final and breaks {broken}";
    }

    private string? FaultOf(ulong number, in Hash256 hash, bool isImpeach, byte[]? bytes, out int round)
    {
        round = -1;
        if (bytes is null || !CertificateCodec.TryDecode(bytes, out Certificate? certificate, out _))
        {
            return $"block {number} has no certificate";
        }
        round = certificate.Round;
        if (certificate.Class != VoteClass.Commit || certificate.Height.Value != number || certificate.Hash != hash)
        {
            return $"block {number} has the certificate of something else";
        }
        if (!verified.Add((number, Crypto.Keccak256.Hash(bytes))))
        {
            return null;
        }
        Hash256 key = headers[(int)number - 1].NextValidatorsHash;
        if (!committees.TryGetValue(key, out Committee? committee))
        {
            committees[key] = committee = new Committee(TurnOf(number).Validators.AsSpan());
        }
        CertificateFault fault = CertificateVerifier.Verify(certificate, committee, domain, isImpeach ? hash : null);
        return fault == CertificateFault.None ? null : $"the certificate of block {number} is invalid: {fault}";
    }
}
