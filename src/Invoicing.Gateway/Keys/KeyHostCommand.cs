using System.Reflection;

namespace Invoicing.Gateway.Keys;

/// <summary>How to start a process that does <see cref="KeyHost.Serve"/>.</summary>
/// <param name="Program">The program.</param>
/// <param name="Arguments">Its arguments. Nothing secret is ever among them.</param>
public sealed record KeyHostCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>The running program, started with other arguments.</summary>
    /// <param name="arguments">What makes it a key host, such as a command of its own.</param>
    /// <exception cref="InvalidOperationException">It is not known how this program was started.</exception>
    public static KeyHostCommand OfThisProgram(params string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("expected a program with a path, found none");
        if (Path.GetFileNameWithoutExtension(program) != "dotnet")
        {
            return new(program, arguments);
        }

        string name = Assembly.GetEntryAssembly()?.GetName().Name ?? throw new InvalidOperationException("expected a program's assembly, found none");
        return new(program, [Path.Combine(AppContext.BaseDirectory, name + ".dll"), .. arguments]);
    }
}
