using System.Diagnostics;

namespace Invoicing.Gateway.Keys.Tokens;

/// <summary>One life of a key host: started, asked, and killed as soon as it errs, hangs or says anything else than an answer.</summary>
/// <remarks>Any number of threads; requests of several are under way at once and answered in any order.</remarks>
internal sealed class TokenProcess : IDisposable
{
    private readonly Process _process;
    private readonly Stream _requests;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Lock _writing = new();
    private readonly Dictionary<int, Request> _waiting = [];
    private int _numbers;
    private TokenException? _end;

    private TokenProcess(Process process, TimeProvider time)
    {
        _process = process;
        _requests = process.StandardInput.BaseStream;
        _time = time;
        new Thread(Listen) { IsBackground = true, Name = "invoicing-token" }.Start();
    }

    /// <summary>Starts one.</summary>
    /// <exception cref="TokenException">It cannot be started.</exception>
    public static TokenProcess Start(KeyHostCommand command, TimeProvider time)
    {
        var start = new ProcessStartInfo(command.Program, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        try
        {
            return new(Process.Start(start)!, time);
        }
        catch (Exception fault) when (fault is System.ComponentModel.Win32Exception or IOException)
        {
            throw new TokenException(TokenTrouble.Failed, $"the process that uses the token cannot be started: {fault.Message}");
        }
    }

    /// <summary>Asks, and waits for the answer.</summary>
    /// <param name="kind">What.</param>
    /// <param name="limit">Longest wait; then the process is killed, and everything else that waits for it fails, too.</param>
    /// <param name="fields">With what.</param>
    /// <exception cref="TokenException">It was not done.</exception>
    public byte[][] Ask(byte kind, TimeSpan limit, params ReadOnlySpan<byte[]> fields)
    {
        int number = Interlocked.Increment(ref _numbers);
        var request = new Request();
        lock (_gate)
        {
            if (_end is { } end)
            {
                throw new TokenException(end.Trouble, end.Message);
            }

            _waiting.Add(number, request);
        }

        using ITimer patience = _time.CreateTimer(
            _ => End(new(TokenTrouble.Failed, $"the token has not answered within {limit.TotalSeconds:0.#} s; its library was ended")),
            null, limit, Timeout.InfiniteTimeSpan);
        Send(TokenFrames.Write(kind, number, fields));
        return request.Wait();
    }

    /// <summary>Kills it; whoever waits is told.</summary>
    public void Dispose() => End(new(TokenTrouble.Failed, "the key was closed"));

    private void Send(byte[] frame)
    {
        try
        {
            lock (_writing)
            {
                _requests.Write(frame);
                _requests.Flush();
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            End(new(TokenTrouble.Failed, $"the process that uses the token has ended: {fault.Message}"));
        }
    }

    private void Listen()
    {
        TokenException end;
        try
        {
            Stream answers = _process.StandardOutput.BaseStream;
            while (TokenFrames.Read(answers) is { } frame)
            {
                Request? request;
                lock (_gate)
                {
                    _waiting.Remove(frame.Number, out request);
                }

                request?.Complete(frame.Kind, frame.Fields);
            }

            end = new(TokenTrouble.Failed, "the token's library crashed, or its process was ended");
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or ObjectDisposedException)
        {
            end = new(TokenTrouble.Failed, $"the process that uses the token said something else than an answer: {fault.Message}");
        }

        End(end);
        _process.WaitForExit();
        _process.Dispose();
    }

    private void End(TokenException reason)
    {
        Request[] left;
        lock (_gate)
        {
            if (_end is not null)
            {
                return;
            }

            _end = reason;
            left = [.. _waiting.Values];
            _waiting.Clear();
        }

        try
        {
            _process.Kill();
        }
        catch (Exception fault) when (fault is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            _ = fault; // it has ended by itself
        }

        Array.ForEach(left, request => request.Fail(reason));
    }

    /// <summary>Somebody who waits for an answer.</summary>
    private sealed class Request
    {
        private readonly TaskCompletionSource<byte[][]> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Complete(byte kind, byte[][] fields)
        {
            if (kind == TokenFrames.Done)
            {
                _answer.TrySetResult(fields);
                return;
            }

            Fail(fields is [[byte trouble], byte[] text] && kind == TokenFrames.Trouble
                ? new((TokenTrouble)trouble, TokenFrames.Text(text))
                : new(TokenTrouble.Failed, "the process that uses the token gave an answer that is none"));
        }

        public void Fail(TokenException fault) => _answer.TrySetException(new TokenException(fault.Trouble, fault.Message));

        /// <summary>Blocks, as its callers' threads are theirs; bounded by the timer of whoever asked.</summary>
        public byte[][] Wait() => _answer.Task.GetAwaiter().GetResult();
    }
}
