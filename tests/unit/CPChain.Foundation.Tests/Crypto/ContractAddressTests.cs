using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Foundation.Tests.Crypto;

public sealed class ContractAddressTests
{
    [Theory]
    [InlineData(0, "0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d")]
    [InlineData(1, "0x343c43a37d37dff08ae8c4a11544c718abb4fcf8")]
    [InlineData(2, "0xf778b86fa74e846c4f0a1fbd1335fe81c00a0c91")]
    public void Created_contracts_lie_where_the_sender_and_nonce_say(ulong nonce, string expected)
    {
        // The well-known example of sender 0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0.
        var sender = Address.Parse("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0");
        Assert.Equal(Address.Parse(expected), ContractAddress.Create(sender, nonce));
    }

    [Theory]
    [InlineData("0x0000000000000000000000000000000000000000", "0x0", "0x00", "0x4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38")]
    [InlineData("0xdeadbeef00000000000000000000000000000000", "0x0", "0x00", "0xb928f69bb1d91cd65274e3c79d8986362984fda3")]
    [InlineData("0x00000000000000000000000000000000deadbeef", "0xcafebabe", "0xdeadbeef", "0x60f3f640a8508fc6a86d45df051962668e1e8ac7")]
    [InlineData("0x0000000000000000000000000000000000000000", "0x0", "0x", "0xe33c0c7f7df4809055c3eba6c09cfe4baf1bd9e0")]
    public void Eip1014_examples_match(string sender, string salt, string initCode, string expected) => Assert.Equal(
        Address.Parse(expected),
        ContractAddress.Create2(Address.Parse(sender), UInt256.Parse(salt), Keccak256.Hash(Hex.Decode(initCode))));
}
