using System.Globalization;
using System.Text.Json;
using FirmwareSim.Datecs;
using FirmwareSim.Failures;
using FirmwareSim.Tills;
using Invoicing.Testing;

namespace FirmwareSim.Tests.Datecs;

/// <summary>What the commands answer, in the form of the golden vectors: same fields, same places, the register's own numbers.</summary>
public sealed class DatecsCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly SalesBook _book;
    private readonly Till _till;

    public DatecsCommandTests()
    {
        _book = SalesBook.Open(_folder.File("book"));
        _till = new(new() { Serial = "DT000001", Time = _time, LastNumber = 43 }, _book, FaultPlan.None(Protocol.DatecsX));
    }

    public void Dispose()
    {
        _book.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_open_receipt_is_told_as_the_vectors_say()
    {
        DatecsXCommands commands = new(_till);
        Ring(2);
        Assert.Equal(Filled("x no receipt open reply", "0", "0", "2", "0", "0.00", "0.00"), commands.Answer(76, Asked("x open receipt request")));
        RungReceipt open = _till.Begin()!;
        string items = Text(open.Lines.Length);
        string amount = $"{open.Lines.Sum(line => line.Amount)}.00";
        Assert.Equal(Filled("x open receipt reply", "0", "1", "3", items, amount, "0.00"), commands.Answer(76, Asked("x open receipt request")));
    }

    [Fact]
    public void The_documents_of_one_second_are_found_as_the_vectors_say()
    {
        DatecsXCommands commands = new(_till);
        Ring(3);
        string second = _till.At(1).Time.ToString("dd-MM-yy HH:mm:ss", CultureInfo.InvariantCulture);
        string request = Filled("x find documents of one second request", second, second, "0");
        Assert.Equal(Filled("x find documents of one second reply", "0", second, second, "2", "2"), commands.Answer(124, request));
        Assert.Equal("-100005\t", commands.Answer(124, Filled("x find documents of one second request", "01-01-01 00:00:00", "01-01-01 00:00:00", "0")));
    }

    /// <summary>By number a journal gives every document of it, and a range of numbers in the journal's order, over the beginning of a count, too.</summary>
    [Fact]
    public void The_journal_is_given_by_number_as_the_vectors_say()
    {
        DatecsIslCommands commands = new(_till);
        Ring(43 + 3);
        Assert.Equal(["0000002", "0000002"], Numbers(commands, Filled("legacy journal by number request", ',', "R#A", "2", "2")));
        Assert.Equal(["0000042", "0000043"], Numbers(commands, Filled("legacy journal by number request over the beginning of a count", ',', "R#A", "42", "9999999")));
        Assert.Equal(
            Enumerable.Range(2, 42).Concat([2, 3]).Select(number => number.ToString("D7", CultureInfo.InvariantCulture)),
            Numbers(commands, Filled("legacy journal by number request over the beginning of a count", ',', "R#A", "2", "9999999")));
        Assert.Empty(Numbers(commands, Filled("legacy journal by number request", ',', "R#A", "99", "99")));
        Assert.Equal("0000003", commands.Answer(113, Asked("legacy last document request")));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Asked(string name) => Means(name).Text("data");

    private static JsonElement Means(string name) => JsonDocument.Parse(File.ReadAllBytes(Vectors.Find("vectors/datecs/vectors.json"))).RootElement.EnumerateArray()
        .Single(vector => vector.Text("name") == name).GetProperty("means");

    /// <summary>The vector's data with other values in its fields.</summary>
    private static string Filled(string name, params string[] values) => Filled(name, '\t', values);

    private static string Filled(string name, char separator, params string[] values)
    {
        string data = Asked(name);
        Assert.Equal(data.TrimEnd(separator).Split(separator).Length, values.Length);
        return string.Join(separator, values) + (data.EndsWith(separator) ? separator : string.Empty);
    }

    /// <summary>The numbers that the documents print, as a host reads them: a line, the sign between two, and at last the end.</summary>
    private static List<string> Numbers(DatecsIslCommands commands, string request)
    {
        List<string> numbers = [];
        for (string row = commands.Answer(119, request); row != "F"; row = commands.Answer(119, Asked("legacy journal next request")))
        {
            Assert.True(row.StartsWith("P,", StringComparison.Ordinal) || row == Asked("legacy journal separator"));
            if (row.Length > 10 && row[2..9].All(char.IsAsciiDigit) && row[9] == ' ')
            {
                numbers.Add(row[2..9]);
            }
        }

        return numbers;
    }

    private void Ring(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _till.Begin();
            _till.Close();
            _time.Advance(TimeSpan.FromSeconds(7));
        }
    }
}
