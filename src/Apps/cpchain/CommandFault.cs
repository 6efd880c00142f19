namespace CPChain.App;

/// <summary>What a person did or has wrong: what it is and what to do about it. Shown as one message; never a stack trace.</summary>
public sealed class CommandFault(string what, string fix, int exitCode = CommandFault.UsageExitCode) : Exception(what)
{
    /// <summary>How the line begins that says what is wrong.</summary>
    public const string WhatPrefix = "cpchain: ";

    /// <summary>How the line begins, after its indent, that says what to do.</summary>
    public const string FixPrefix = "Fix: ";

    /// <summary>Exit code of a wrong option or input.</summary>
    public const int UsageExitCode = 2;

    /// <summary>Exit code of an environment that fails: disk, port, library.</summary>
    public const int EnvironmentExitCode = 3;

    /// <summary>Exit code of a run whose checks did not all pass.</summary>
    public const int FailedExitCode = 1;

    /// <summary>The one thing to do next.</summary>
    public string Fix { get; } = fix;

    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; } = exitCode;
}
