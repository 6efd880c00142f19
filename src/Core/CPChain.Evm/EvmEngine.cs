namespace CPChain.Evm;

/// <summary>How a machine runs code. Results, gas and state are the same; only the cause named for a failing frame may
/// differ where several hold at once.</summary>
public enum EvmEngine
{
    /// <summary>Plain at first, decoded once code has burnt enough gas to be worth it.</summary>
    Adaptive,

    /// <summary>A switch over code bytes, always: the reference.</summary>
    Plain,

    /// <summary>Decoded from the first call on, for tests.</summary>
    Decoded,
}
