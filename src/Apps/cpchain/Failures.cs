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
            IOException io when IsDiskFull(io) => new CommandFault(
                $"the disk is full: {io.Message}",
                "free some space, or name a folder on another disk (--dir or --keep).",
                CommandFault.EnvironmentExitCode),
            FileNotFoundException or DirectoryNotFoundException => new CommandFault(
                failure.Message, "name a file or folder that is there.", CommandFault.UsageExitCode),
            IOException io when failure.InnerException is not SocketException => new CommandFault(
                io.Message, "name another file or folder (--dir, --keep, or the option that names it), or see why this one refuses.",
                CommandFault.EnvironmentExitCode),
            SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } socket => new CommandFault(
                $"a port is in use: {socket.Message}",
                "stop the program that holds it, or choose another with --rpc-port.",
                CommandFault.EnvironmentExitCode),
            PdashException refusal => WithFix(
                refusal.Message, ". ", "run it again; if it stays, report it with the logs (--keep).",
                refusal.Fault == PdashFault.Input ? CommandFault.UsageExitCode : CommandFault.EnvironmentExitCode),
            ChainClientException chain => new CommandFault(
                chain.Message, "read the log of the chain node that was asked (--keep or --dir, nodes/*/node.log).",
                CommandFault.EnvironmentExitCode),
            StorageFailure store => WithFix(
                store.Message, "; ", "see that the disk is sound and start again; nothing acknowledged is lost.",
                CommandFault.EnvironmentExitCode),
            NativeLibraryMissingException library => new CommandFault(
                $"the system library {library.Library} is missing.", $"apt-get install {library.Package}",
                CommandFault.EnvironmentExitCode),
            KeystoreException keystore => WithFix(
                keystore.Message, ". ", "restore the identity's folder from a copy.", CommandFault.EnvironmentExitCode),
            UnknownJournalException journal => new CommandFault(
                journal.Message, "use the program that wrote it.", CommandFault.EnvironmentExitCode),
            ListenException listen => new CommandFault(
                $"port {listen.EndPoint.Port} is in use.", "stop the program that holds it, or start again: a new folder takes new ports.",
                CommandFault.EnvironmentExitCode),
            RpcListenException listen => new CommandFault(
                $"port {listen.EndPoint.Port} is in use.", "stop the program that holds it, or choose another with --rpc-port.",
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

    /// <summary>Whether a write failed for want of room.</summary>
    public static bool IsDiskFull(Exception failure) =>
        failure is IOException { HResult: DiskFullHResult or NoSpaceErrno } or StorageFailure { Fault: StorageFault.DiskFull };

    // Messages of the layers below end with what to do; here it gets a line of its own.
    internal static CommandFault WithFix(string message, string separator, string otherwise, int exitCode)
    {
        int end = message.LastIndexOf(separator, StringComparison.Ordinal);
        return end < 0
            ? new CommandFault(message, otherwise, exitCode)
            : new CommandFault(message[..(end + 1)].TrimEnd(';') + (separator[0] == ';' ? "." : ""), message[(end + separator.Length)..], exitCode);
    }
}
