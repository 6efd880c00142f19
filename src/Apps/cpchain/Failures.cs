using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
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
