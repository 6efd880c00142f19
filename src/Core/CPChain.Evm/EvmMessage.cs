using CPChain.Types;

namespace CPChain.Evm;

/// <summary>The outermost call or creation of a transaction, after its fee was bought and its nonce raised.</summary>
public readonly record struct EvmMessage
{
    private EvmMessage(bool isCreate, Address caller, Address recipient, UInt256 value, ReadOnlyMemory<byte> input, ulong gas)
    {
        IsCreate = isCreate;
        Caller = caller;
        Recipient = recipient;
        Value = value;
        Input = input;
        Gas = gas;
    }

    /// <summary>Whether <see cref="Input"/> is init code whose output becomes the code of <see cref="Recipient"/>.</summary>
    public bool IsCreate { get; }

    /// <summary>Account that calls (CALLER), also the payer of <see cref="Value"/>.</summary>
    public Address Caller { get; }

    /// <summary>Account that is called or created.</summary>
    public Address Recipient { get; }

    /// <summary>Amount moved from caller to recipient, in base units.</summary>
    public UInt256 Value { get; }

    /// <summary>Call data, or init code.</summary>
    public ReadOnlyMemory<byte> Input { get; }

    /// <summary>Gas for the execution alone: the limit less the intrinsic gas.</summary>
    public ulong Gas { get; }

    /// <summary>A call of <paramref name="recipient"/>.</summary>
    public static EvmMessage Call(
        in Address caller, in Address recipient, in UInt256 value, ReadOnlyMemory<byte> input, ulong gas) =>
        new(false, caller, recipient, value, input, gas);

    /// <summary>A creation at <paramref name="recipient"/>, which the caller derived from the sender's nonce.</summary>
    public static EvmMessage Create(
        in Address caller, in Address recipient, in UInt256 value, ReadOnlyMemory<byte> initCode, ulong gas) =>
        new(true, caller, recipient, value, initCode, gas);
}
