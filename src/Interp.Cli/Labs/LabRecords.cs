using Interp.Notebooks.Labs;

namespace Interp.Cli.Labs;

/// <summary>Writes what is remembered of a working copy.</summary>
internal static class LabRecords
{
    /// <summary>Writes it; a folder that cannot be written to costs a warning and not the answer that was asked for.</summary>
    public static void TrySave(LabRecord record, CommandContext context)
    {
        try
        {
            record.Save();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            context.Console.Warn($"the progress is not remembered: {error.Message}");
        }
    }
}
