using CPChain.App.Devnet;
using CPChain.Data.Blocks;

namespace CPChain.App.Demo.People;

/// <summary>Opens what a person's role asks for, in this process.</summary>
internal static class LocalDesks
{
    public static IDesk Open(PersonRole role, ParticipantFolder folder, string path, IBlockCipher? cipher) => role switch
    {
        PersonRole.Seller => new LocalSellerDesk(folder),
        PersonRole.Gateway => new LocalGatewayDesk(folder, path, cipher),
        PersonRole.Buyer => new LocalBuyerDesk(folder, cipher),
        _ => throw new CommandFault($"nobody has the role {role} in this program.", $"mend {PersonConfig.FileName}."),
    };
}
