using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace CPChain.Storage.Logging;

/// <summary>Sends diagnostic events of a level and above to a <see cref="RotatingLogFile"/>, one line an event, times in UTC.</summary>
public sealed class FileLoggerProvider(RotatingLogFile file, LogLevel minimum, TimeProvider time) : ILoggerProvider
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new FileLogger(file, minimum, time, ShortName(categoryName));

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static string ShortName(string category) => category[(category.LastIndexOf('.') + 1)..];

    private sealed class FileLogger(RotatingLogFile file, LogLevel minimum, TimeProvider time, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            StringBuilder line = new();
            line.Append(time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture))
                .Append(' ').Append(Mark(logLevel)).Append(' ').Append(category).Append(": ")
                .Append(formatter(state, exception));
            if (exception is not null)
            {
                line.Append(" | ").Append(exception);
            }

            // One event is one line, so that a line of a peer's choosing cannot pass for another event.
            file.WriteLine(line.Replace("\r", string.Empty).Replace("\n", "\\n").ToString());
        }

        private static string Mark(LogLevel level) => level switch
        {
            LogLevel.Trace => "TRC",
            LogLevel.Debug => "DBG",
            LogLevel.Information => "INF",
            LogLevel.Warning => "WRN",
            LogLevel.Error => "ERR",
            _ => "CRT",
        };
    }
}
