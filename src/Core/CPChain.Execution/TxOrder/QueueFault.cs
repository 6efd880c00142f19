using CPChain.Chain;

namespace CPChain.Execution.TxOrder;

/// <summary>Why a transaction does not wait here; None when it does.</summary>
public enum QueueFaultKind
{
    /// <summary>No fault: it waits.</summary>
    None,

    /// <summary>The bytes are no transaction; see <see cref="QueueFault.Decoding"/>.</summary>
    Malformed,

    /// <summary>Not valid now, nor later; see <see cref="QueueFault.Validity"/>.</summary>
    Invalid,

    /// <summary>It waits already.</summary>
    AlreadyKnown,

    /// <summary>Another with this nonce waits and pays more than 10/11 of what this one offers.</summary>
    ReplacementUnderpriced,

    /// <summary>The room is full of better ones.</summary>
    Underpriced,

    /// <summary>The sender has as many waiting as one sender may.</summary>
    AccountLimit,

    /// <summary>Its nonce is too far ahead.</summary>
    NonceTooFarAhead,

    /// <summary>It asks for more gas than a block has.</summary>
    ExceedsBlockGas,
}

/// <summary>A refusal with the rule behind it.</summary>
public readonly record struct QueueFault(
    QueueFaultKind Kind,
    TransactionFault Decoding = TransactionFault.None,
    ValidityFault Validity = ValidityFault.None)
{
    /// <summary>No fault.</summary>
    public static QueueFault None => default;

    /// <summary>True iff the transaction waits.</summary>
    public bool IsNone => Kind == QueueFaultKind.None;

    /// <summary>The words that Ethereum tools look for.</summary>
    public string Text => Kind switch
    {
        QueueFaultKind.None => "no fault",
        QueueFaultKind.Malformed => Decoding.Text(),
        QueueFaultKind.Invalid => Validity.Text(),
        QueueFaultKind.AlreadyKnown => "already known",
        QueueFaultKind.ReplacementUnderpriced => "replacement transaction underpriced",
        QueueFaultKind.Underpriced => "transaction underpriced",
        QueueFaultKind.AccountLimit => "account limit exceeded",
        QueueFaultKind.NonceTooFarAhead => "nonce too high",
        QueueFaultKind.ExceedsBlockGas => "exceeds block gas limit",
        _ => "unknown fault",
    };

    internal static QueueFault Of(ValidityFault fault) =>
        fault == ValidityFault.None ? None : new QueueFault(QueueFaultKind.Invalid, Validity: fault);

    internal static QueueFault Of(QueueFaultKind kind) => new(kind);
}
