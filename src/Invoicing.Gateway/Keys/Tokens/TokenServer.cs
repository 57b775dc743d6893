using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Invoicing.Gateway.Keys.Tokens;

/// <summary>The key host's process: opens one key as it is told, then signs.</summary>
internal static partial class TokenServer
{
    /// <summary>
    /// Threads that sign, each in a session of its own: HSMs and software tokens work on several requests, and a stick that does one at a time
    /// makes the others wait.
    /// </summary>
    private const int MaxSessions = 4;

    /// <summary>Requests that wait: the program asks no more than its writer's threads do, so this is never full.</summary>
    private const int MaxWaiting = 256;

    private static readonly Lock Writing = new();

    public static int Run()
    {
        // What a library prints must neither get among the answers nor into anybody's log: it may print what it was given.
        int output = Duplicate(1);
        int nowhere = OpenDevice("/dev/null", 1);
        if (output < 0 || nowhere < 0 || Replace(nowhere, 1) < 0 || Replace(nowhere, 2) < 0)
        {
            return 1;
        }

        using var descriptor = new SafeFileHandle(output, ownsHandle: true);
        using var answers = new FileStream(descriptor, FileAccess.Write, bufferSize: 0);
        using Stream requests = Console.OpenStandardInput();
        try
        {
            Serve(requests, answers);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException)
        {
            EndNow(1); // the program is gone, or is none of ours
        }

        EndNow(0);
        return 0;
    }

    private static void Serve(Stream requests, FileStream answers)
    {
        if (TokenFrames.Read(requests) is not (TokenFrames.Open, int first, [byte[] module, byte[] address, byte[] pin, byte[] expected, byte[] creates]))
        {
            throw new InvalidDataException("expected to be told which key");
        }

        TokenKey key;
        try
        {
            key = TokenKey.Open(
                Cryptoki.Load(TokenFrames.Text(module)), TokenUri.Parse(TokenFrames.Text(address), "/"), pin, expected, creates is [1]);
        }
        catch (TokenException fault)
        {
            Answer(answers, TokenFrames.Write(TokenFrames.Trouble, first, [(byte)fault.Trouble], TokenFrames.Text(fault.Message)));
            return;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pin);
        }

        using var work = new BlockingCollection<(int Number, byte[][] Hashes)>(MaxWaiting);
        StartThreads(key, work, answers);
        Answer(answers, TokenFrames.Write(TokenFrames.Done, first, [(byte)(key.IsRsa ? 1 : 0)], key.PublicKey, key.Certificate));
        while (TokenFrames.Read(requests) is (TokenFrames.Sign, int number, byte[][] hashes))
        {
            work.Add((number, hashes));
        }
    }

    private static void StartThreads(TokenKey key, BlockingCollection<(int Number, byte[][] Hashes)> work, FileStream answers)
    {
        for (int i = 0; i < Math.Min(MaxSessions, Environment.ProcessorCount); i++)
        {
            nuint session;
            try
            {
                session = key.OpenSession();
            }
            catch (TokenException) when (i > 0)
            {
                return; // a token with few sessions works with those it gives
            }

            new Thread(() => SignAll(key, session, work, answers)) { IsBackground = true, Name = "invoicing-token" }.Start();
        }
    }

    private static void SignAll(TokenKey key, nuint session, BlockingCollection<(int Number, byte[][] Hashes)> work, FileStream answers)
    {
        foreach ((int number, byte[][] hashes) in work.GetConsumingEnumerable())
        {
            byte[] frame;
            try
            {
                frame = TokenFrames.Write(TokenFrames.Done, number, [.. hashes.Select(hash => key.Sign(session, hash))]);
            }
            catch (TokenException fault)
            {
                frame = TokenFrames.Write(TokenFrames.Trouble, number, [(byte)fault.Trouble], TokenFrames.Text(fault.Message));
            }

            Answer(answers, frame);
        }
    }

    private static void Answer(FileStream answers, byte[] frame)
    {
        lock (Writing)
        {
            answers.Write(frame);
        }
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Replace(int from, int to);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDevice(string path, int flags);

    /// <summary>Without the library's own end, which may hang.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void EndNow(int code);
}
