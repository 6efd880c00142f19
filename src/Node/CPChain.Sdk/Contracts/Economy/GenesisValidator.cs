using CPChain.Types;

namespace CPChain.Sdk.Contracts;

/// <summary>Who proposed a validator (DPR-21), as the ValidatorSet contract numbers them.</summary>
public enum Nominator
{
    /// <summary>The Foundation.</summary>
    Foundation = 1,

    /// <summary>A government.</summary>
    Government = 2,

    /// <summary>An enterprise.</summary>
    Enterprise = 3,
}

/// <summary>A member of the first validator set.</summary>
/// <param name="Account">Its address.</param>
/// <param name="NominatedBy">Who proposed it.</param>
public sealed record GenesisValidator(Address Account, Nominator NominatedBy = Nominator.Foundation);
