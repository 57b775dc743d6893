using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Invoicing.Hashing;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Journal;

/// <summary>Where the chain's signing keys lie: noted in the transaction that puts a key into force, so that a crash never parts the two.</summary>
/// <param name="InForce">Place of the key in force; <see langword="null"/> if the settings or the caller say it.</param>
/// <param name="Next">Place of a key that is being made and is not in force yet; <see langword="null"/> if there is none.</param>
/// <param name="Retired">Keys that were in force before, the oldest first, until the authority has what they signed: at most as many as key changes may be unacknowledged.</param>
internal sealed record JournalKeys(string? InForce, string? Next, ImmutableArray<RetiredKey> Retired)
{
    private const string Name = "signing_keys";

    public static JournalKeys None { get; } = new(null, null, []);

    /// <summary>Reads the note.</summary>
    /// <exception cref="JournalCorruptException">It is damaged.</exception>
    public static JournalKeys Read(SqliteFile file)
    {
        using SqliteStatement read = file.Statement("SELECT value FROM meta WHERE name = ?");
        read.Bind(0, Name);
        if (!read.Step())
        {
            return None;
        }

        JournalKeys keys = None;
        foreach (string line in Encoding.UTF8.GetString(read.Blob(0)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            keys = line.Split('\t', 4) switch
            {
                ["in force", { } place] => keys with { InForce = place },
                ["next", { } place] => keys with { Next = place },
                ["retired", { } position, { Length: 64 } key, { } place]
                    when long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out long at) && key.All(char.IsAsciiHexDigit) =>
                    keys with { Retired = keys.Retired.Add(new(at, new(Convert.FromHexString(key)), place)) },
                _ => throw JournalLoader.Damaged(file, 0, "signing keys", "a note of where they lie", "another text"),
            };
        }

        return keys;
    }

    /// <summary>Writes the note anew; within a transaction of the caller.</summary>
    public void Write(SqliteFile file)
    {
        var text = new StringBuilder();
        if (InForce is { } place)
        {
            text.Append("in force\t").Append(place).Append('\n');
        }

        if (Next is { } next)
        {
            text.Append("next\t").Append(next).Append('\n');
        }

        foreach (RetiredKey key in Retired)
        {
            text.Append(CultureInfo.InvariantCulture, $"retired\t{key.Position}\t{key.KeyId}\t{key.Place}\n");
        }

        using SqliteStatement write = file.Statement("INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)");
        write.Bind(0, Name).Bind(1, Encoding.UTF8.GetBytes(text.ToString())).Run();
    }

    /// <summary>The note after a key change.</summary>
    /// <param name="position">The key change.</param>
    /// <param name="before">The key that it puts out of force.</param>
    /// <param name="place">Where the new one lies; <see langword="null"/> if only the caller knows.</param>
    public JournalKeys Changed(long position, in Sha256Hash before, string? place) =>
        new(place, null, InForce is { } old ? Retired.Add(new(position, before, old)) : Retired);
}
