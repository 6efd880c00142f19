namespace CPChain.Evm;

/// <summary>By which opcode an account was reached; the outermost message is a <see cref="Call"/> or a <see cref="Create"/>.</summary>
public enum EvmCallKind : byte
{
    /// <summary>CREATE.</summary>
    Create = 0xf0,

    /// <summary>CALL.</summary>
    Call = 0xf1,

    /// <summary>CALLCODE.</summary>
    CallCode = 0xf2,

    /// <summary>DELEGATECALL.</summary>
    DelegateCall = 0xf4,

    /// <summary>CREATE2.</summary>
    Create2 = 0xf5,

    /// <summary>STATICCALL.</summary>
    StaticCall = 0xfa,

    /// <summary>SELFDESTRUCT: moves what the account has.</summary>
    SelfDestruct = 0xff,
}
