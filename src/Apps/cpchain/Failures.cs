using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using CPChain.Consensus.Journals;
using CPChain.Crypto;
using CPChain.Keystore;
using CPChain.Network;
using CPChain.Pdash;
using CPChain.Rpc;
using CPChain.Sdk;
using CPChain.Storage;
using CPChain.Types;

namespace CPChain.App;

/// <summary>Turns what the environment throws into words for a person. Anything it does not know is a defect and stays an exception.</summary>
public static class Failures
{
    private const int DiskFullHResult = unchecked((int)0x80070070);
    private const int NoSpaceErrno = 28;

    public static bool TryExplain(Exception failure, [NotNullWhen(true)] out CommandFault? fault)
    {
        fault = failure switch
        {
            CommandFault known => known,
            AggregateException { InnerExceptions: [var only] } => TryExplain(only, out CommandFault? inner) ? inner : null,
            IOException io when io.HResult is DiskFullHResult or NoSpaceErrno => new CommandFault(
                $"the disk is full: {io.Message}",
                "free some space, or name a folder on another disk (--dir or --keep).",
                CommandFault.EnvironmentExitCode),
            SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } socket => new CommandFault(
                $"a port is in use: {socket.Message}",
                "stop the program that holds it, or choose another with --rpc-port.",
                CommandFault.EnvironmentExitCode),
            PdashException refusal => new CommandFault(
                refusal.Message, "the message says what to do.",
                refusal.Fault == PdashFault.Input ? CommandFault.UsageExitCode : CommandFault.EnvironmentExitCode),
            ChainClientException chain => new CommandFault(
                chain.Message, "read the log of the chain node that was asked (--keep or --dir, nodes/*/node.log).",
                CommandFault.EnvironmentExitCode),
            StorageFailure store => new CommandFault(
                store.Message, "the message says what is wrong with the store; nothing acknowledged is lost.",
                CommandFault.EnvironmentExitCode),
            NativeLibraryMissingException library => new CommandFault(
                library.Message, "install the package that the message names.", CommandFault.EnvironmentExitCode),
            KeystoreException keystore => new CommandFault(
                keystore.Message, "the message says what to do.", CommandFault.EnvironmentExitCode),
            UnknownJournalException journal => new CommandFault(
                journal.Message, "use the program that wrote it.", CommandFault.EnvironmentExitCode),
            ListenException or RpcListenException => new CommandFault(
                failure.Message, "stop the program that holds the port, or choose another with --rpc-port.",
                CommandFault.EnvironmentExitCode),
            UnauthorizedAccessException denied => new CommandFault(
                denied.Message, "give this user the right to it, or name another path.", CommandFault.EnvironmentExitCode),
            InvariantViolation broken => new CommandFault(
                $"a rule that must always hold was broken: {broken.Message}",
                "this is a defect: please report it with the folder of the run (--keep or --dir).",
                CommandFault.EnvironmentExitCode),
            _ => null,
        };
        return fault is not null;
    }
}
