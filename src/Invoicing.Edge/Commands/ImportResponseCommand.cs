using System.CommandLine;
using Invoicing.Edge.National;

namespace Invoicing.Edge.Commands;

/// <summary><c>import-response</c>: takes a response of the authority down (999, 204, 301).</summary>
internal static class ImportResponseCommand
{
    /// <summary>Most bytes of a response that are read at all: more is refused before it takes memory.</summary>
    private const long MaxLength = 4 * 1024 * 1024;

    public static Command Create()
    {
        NationalOptions options = new();
        var file = new Argument<string>("file") { Description = "The response's file (XML)." };
        Option<bool> json = EdgeOptions.Json();
        var command = new Command("import-response", "Takes a response of the authority down: 999, 204 or 301. Importing it again changes nothing.") { file, json };
        options.AddTo(command);
        command.Run(async (parsed, cancellationToken) =>
        {
            (string journal, _, _) = options.Read(parsed);
            byte[] bytes = await ReadAsync(parsed.GetRequiredValue(file), cancellationToken);
            ImportedResponse imported = ResponseImport.Run(journal, bytes, TimeProvider.System);
            await NationalText.TellAsync(imported, parsed.GetValue(json), parsed.InvocationConfiguration.Output);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= MaxLength
                ? await File.ReadAllBytesAsync(path, cancellationToken)
                : throw new InvoicingException($"{path}: expected a response of at most {MaxLength} bytes, found {length}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{path}: the response cannot be read: {fault.Message}", innerException: fault);
        }
    }
}
