using CPChain.Pdash.Wire;
using CPChain.Rpc.Tests.Chain;
using CPChain.Types;

namespace CPChain.Pdash.Tests;

public sealed class WireTests
{
    [Fact]
    public void D8_2_messages_read_back_and_cut_or_changed_ones_are_refused_without_an_exception()
    {
        ProxyReceipt unsigned = new(7, InstantChain.Key(1).Address, InstantChain.Key(2).Address, Hash256.Zero, Hash256.Zero, 359, 123, default);
        ProxyReceipt receipt = unsigned with { Signature = InstantChain.Key(1).Sign(unsigned.Hash()) };
        Assert.True(receipt.IsSigned);
        Assert.False((receipt with { ServedBytes = 360 }).IsSigned);
        Assert.False((receipt with { Proxy = receipt.Buyer }).IsSigned);
        byte[] reply = new ReEncryptReply([1, 2, 3], receipt).Encode();
        byte[] delivery = new FragmentDelivery(9, [1], [2, 2], [3, 3, 3]).Encode();
        byte[] request = new ReEncryptRequest(11, [4, 4]).Encode();
        byte[] anchor = new AnchorReply(Hash256.Zero, 5, 6).Encode();
        Assert.Equal(reply, ReEncryptReply.Decode(reply)!.Encode());
        Assert.Equal(delivery, FragmentDelivery.Decode(delivery)!.Encode());
        Assert.Equal(request, ReEncryptRequest.Decode(request)!.Encode());
        Assert.Equal(anchor, AnchorReply.Decode(anchor)!.Encode());
        foreach (byte[] good in (byte[][])[reply, delivery, request, anchor])
            for (int i = 0; i < good.Length; i++)
            {
                byte[] bad = good.ToArray();
                bad[i] ^= 0xff;
                foreach (byte[] hostile in (byte[][])[good[..i], bad, [.. good, 0]])
                {
                    if (ReEncryptReply.Decode(hostile) is { } r) Assert.True(good == reply && !(r.Receipt.IsSigned && r.Receipt != receipt));
                    FragmentDelivery.Decode(hostile);
                    ReEncryptRequest.Decode(hostile);
                    AnchorReply.Decode(hostile);
                    OwnerKeysReply.Decode(hostile);
                }
            }
        Assert.Null(FragmentDelivery.Decode([2, .. delivery[1..]]));
    }

    [Fact]
    public void Files_that_cannot_be_read_are_refused_with_a_fix()
    {
        PdashException missing = Assert.Throws<PdashException>(() => Owner.Gateway.ReadFile(Path.Combine(Path.GetTempPath(), "no-such-file.csv")));
        Assert.Equal(PdashFault.Input, missing.Fault);
        Assert.Throws<PdashException>(() => Owner.Gateway.ReadFile(Path.GetTempPath()));
        string empty = Path.GetTempFileName();
        Assert.Contains("empty", Assert.Throws<PdashException>(() => Owner.Gateway.ReadFile(empty)).Message, StringComparison.Ordinal);
        File.Delete(empty);
    }
}
