using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Invoicing.Sqlite;

namespace Invoicing.Authority.Enrolment.Registry;

/// <summary>Where commands go: to the server if one runs on the folder, else into the file itself.</summary>
/// <param name="folder">The authority's folder.</param>
/// <param name="time">The clock.</param>
internal sealed class RegistryDoor(AuthorityFolder folder, TimeProvider time)
{
    /// <summary>Longest wait for a server's answer: a command is one commit.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for another command to end, or for a server to begin to listen.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Gives a command as this process's user.</summary>
    /// <returns>What the registry answers.</returns>
    /// <exception cref="InvoicingException">It cannot be done; says why.</exception>
    public async Task<JsonObject> SendAsync(RegistryCommand command, CancellationToken cancellationToken)
    {
        var call = new RegistryCall($"os:{Environment.UserName}", command);
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                using var registry = AuthorityRegistry.Open(folder, time, AuthorityExit.OnStorageFault);
                return call.RunOn(registry);
            }
            catch (FileInUseException)
            {
                // A server, or another command.
            }

            if (await TrySendAsync(call, cancellationToken) is { } answer)
            {
                return answer;
            }

            if (time.GetElapsedTime(start) > Patience)
            {
                throw new InvoicingException(
                    $"{folder.Registry}: expected to write it, or a server that answers on {folder.ControlSocket}, found it held by a process that does not answer: end that process, or try again",
                    isTransient: true);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>Asks the server.</summary>
    /// <returns>Its answer; <see langword="null"/> if nobody listens.</returns>
    private async Task<JsonObject?> TrySendAsync(RegistryCall call, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(folder.ControlSocket), token);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        using var client = new HttpClient(handler) { Timeout = Limit };
        try
        {
            using var content = new StringContent(JsonSerializer.Serialize(call, RegistryJson.Default.RegistryCall), Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await client.PostAsync(new Uri("http://authority/registry"), content, cancellationToken);
            JsonObject json = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!.AsObject();
            return json["error"] is { } error ? throw new InvoicingException(error.GetValue<string>()) : json;
        }
        catch (HttpRequestException fault) when (fault.InnerException is SocketException)
        {
            return null;
        }
        catch (TaskCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvoicingException(
                $"the server has not answered within {Limit.TotalSeconds} s: look at its log, and whether the command was carried out", innerException: fault);
        }
    }
}
