using FirmwareSim.Lines;

namespace FirmwareSim.Tests.Running;

/// <summary>The gateway's end of a line whose path is a symbolic link to a pseudo-terminal's slave.</summary>
internal static class PtyHarness
{
    /// <summary>Opens the slave as a gateway does; dispose of the device to close it.</summary>
    public static DeviceFile Open(string path)
    {
        int file = Libc.Open(
            path, Libc.OpenReadWrite | Libc.OpenNoControllingTerminal | Libc.OpenNonBlocking | Libc.OpenCloseOnExec);
        return file >= 0 ? new DeviceFile(file) : throw Libc.Failed("open", path);
    }

    /// <summary>Serves until cancelled; opens the line again when the register's end went away.</summary>
    public static async Task ServeAsync(TestGateway gateway, string path, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (!new FileInfo(path).Exists)
            {
                await Task.Delay(5, CancellationToken.None);
                continue;
            }

            try
            {
                using DeviceFile device = Open(path);
                await using DeviceStream line = new(device);
                await gateway.ServeAsync(line, cancellationToken);
                await Task.Delay(5, CancellationToken.None);
            }
            catch (IOException)
            {
                // The link points at a terminal of a killed process for a moment.
                await Task.Delay(5, CancellationToken.None);
            }
        }
    }
}
