using Invoicing.Registers.Lines;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Lines;

internal static class Reading
{
    /// <summary>Reads so many bytes, in as many pieces as they come in.</summary>
    internal static async Task<byte[]> ExactlyAsync(this ILineConnection connection, int count)
    {
        byte[] all = new byte[count];
        for (int got = 0; got < count;)
        {
            int read = await connection.ReadAsync(all.AsMemory(got), TestContext.Current.CancellationToken).AsTask().Soon();
            Assert.True(read > 0, $"gone after {got} of {count} bytes");
            got += read;
        }

        return all;
    }
}
