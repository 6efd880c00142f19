using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>Storage words and balances as of one block.</summary>
public interface IWordView
{
    /// <summary>The word of a contract at a slot; zero where nothing was written.</summary>
    UInt256 Load(Address contract, UInt256 slot);

    /// <summary>An account's balance, base units.</summary>
    UInt256 BalanceOf(Address account);
}

/// <summary>Storage words that the end-of-block step changes.</summary>
public interface IWordState : IWordView
{
    /// <summary>Sets a word.</summary>
    void Store(Address contract, UInt256 slot, UInt256 word);
}
