using CPChain.Lbft;
using CPChain.Lbft.Evidence;
using Microsoft.Extensions.Logging;

namespace CPChain.Consensus;

internal static partial class ConsensusLog
{
    [LoggerMessage(LogLevel.Debug, "Final block {Number} {Hash} with {Transactions} transactions in round {Round}")]
    public static partial void BlockFinal(this ILogger logger, ulong number, string hash, int transactions, int round);

    [LoggerMessage(LogLevel.Warning, "Impeach block {Number} is final in round {Round}: its proposer {Proposer} gave no block in time")]
    public static partial void ImpeachBlockFinal(this ILogger logger, ulong number, int round, string proposer);

    [LoggerMessage(LogLevel.Information, "Behind by {Blocks} blocks: importing from peers")]
    public static partial void SyncBegins(this ILogger logger, ulong blocks);

    [LoggerMessage(LogLevel.Information, "Caught up at block {Number}")]
    public static partial void SyncEnds(this ILogger logger, ulong number);

    [LoggerMessage(LogLevel.Warning, "Sealed block {Number} of {Proposer} is invalid: {Fault}")]
    public static partial void BlockInvalid(this ILogger logger, ulong number, string proposer, string fault);

    [LoggerMessage(LogLevel.Error, "The signer refused {Statement}: {Fault}")]
    public static partial void SignatureRefused(this ILogger logger, string statement, string fault);

    [LoggerMessage(LogLevel.Warning, "The journal is lost or damaged ({Reason}): this validator stays mute until its peers' heads tell when it may vote again")]
    public static partial void Mute(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Critical, "Stopped voting at block {Number}: {Reason}. The proofs are in {Path}; call the operators of the other validators")]
    public static partial void Alarm(this ILogger logger, ulong number, AlarmReason reason, string path);

    [LoggerMessage(LogLevel.Warning, "Misconduct {Kind} at block {Number}: {First} and {Second}")]
    public static partial void MisconductSeen(this ILogger logger, MisconductKind kind, ulong number, string first, string second);

    [LoggerMessage(LogLevel.Error, "It is this node's turn at block {Number}, but the commitment for this term was not made with its key: it makes no block. Claim with the key that the node runs with")]
    public static partial void RevealUnknown(this ILogger logger, ulong number);

    [LoggerMessage(LogLevel.Warning, "The commitments from term {Term} on were not sent ({Reason}); they are tried again in the next term")]
    public static partial void CommitmentRefused(this ILogger logger, ulong term, string reason);

    [LoggerMessage(LogLevel.Warning, "The proof of misconduct at block {Number} was not sent to the Evidence contract ({Reason})")]
    public static partial void ReportRefused(this ILogger logger, ulong number, string reason);

    [LoggerMessage(LogLevel.Critical, "The node stops")]
    public static partial void NodeFailed(this ILogger logger, Exception failure);
}
