using Invoicing.Registers.Eutron;
using static Invoicing.Registers.Tests.Eutron.EutronBench;

namespace Invoicing.Registers.Tests.Eutron;

/// <summary>Where the names of articles come from, when they are asked for, and how long they hold.</summary>
public sealed class EutronNameTests
{
    [Fact]
    public async Task A_name_that_changed_between_sale_and_pull_is_that_of_the_sale()
    {
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, Noon));
        PlayedLine.Cable cable = bench.StartPlugged();
        await bench.Recorded(1);
        await bench.Quiet();
        cable.Pull();
        await bench.StopAsync();

        bench.Log.Add(FlowBytes.Sale(2, Noon)); // rung up as coffee
        bench.Log.Name(1, "Tra da");
        bench.Start().Plug();
        await bench.Recorded(2);
        await bench.Until(() => bench.Log.TablesTold >= 2, "names read again"); // at the first quiet moment
        bench.Log.Add(FlowBytes.Sale(3, Noon));
        await bench.Recorded(3);

        Assert.Equal(["Ca phe sua da", "Ca phe sua da", "Tra da"], bench.Sold.Select(record => record.Sale!.Lines[0].Name));
    }

    [Fact]
    public async Task An_article_that_is_not_known_and_a_changed_price_list_make_the_names_be_read_again()
    {
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, Noon));
        bench.Start().Plug();
        await bench.Recorded(1);
        await bench.Quiet();
        bench.Log.Name(9, "Kem");
        bench.Log.Add(FlowBytes.Sale(2, Noon, code: 9));
        await bench.Recorded(2);
        await bench.Quiet();
        bench.Log.Name(9, "Kem dua");
        bench.Log.Add([FlowBytes.PriceList()], FlowBytes.Sale(3, Noon, code: 9), FlowBytes.Sale(4, Noon, code: 55), FlowBytes.Sale(5, Noon, code: 55));
        await bench.Recorded(5);

        Assert.Equal(["Ca phe sua da", "Kem", "Kem dua", "", ""], bench.Sold.Select(record => record.Sale!.Lines[0].Name));
        Assert.Equal([1L, 2, 3, 4, 5], bench.Numbers());
        Assert.Equal(1, bench.Log.TablesTold);
        Assert.Equal(2, bench.Log.RowsAsked.Count(rows => rows == (10_055, 10_055))); // twice where its code says, and not once more for the second receipt
    }

    [Fact]
    public async Task A_register_that_does_not_tell_its_table_sells_on_without_names()
    {
        await using EutronBench bench = new();
        bench.Log.TellsTables = false;
        bench.Log.Add(FlowBytes.Sale(1, Noon));
        bench.Start().Plug();
        await bench.Recorded(1);
        Assert.Equal(string.Empty, bench.Sold.Single().Sale!.Lines[0].Name);
        Assert.True(bench.Driver.Status.Counters["tables not told"] > 0);
    }

    [Fact]
    public async Task A_sale_waits_for_the_rows_of_its_own_articles_and_not_for_ten_thousand_others()
    {
        await using EutronBench bench = new();
        for (int code = 3; code <= 10_001; code++)
        {
            bench.Log.Name(7_000 + (code * 10), $"Hang {code}");
        }

        List<(int First, int Last)> asked = [];
        bench.Recorder.BeforeRecord = _ =>
        {
            asked = [.. bench.Log.RowsAsked];
            return Task.CompletedTask;
        };
        bench.Log.Add(FlowBytes.Sale(1, Noon, code: 77_770));
        bench.Start().Plug();
        await bench.Recorded(1);

        Assert.Equal("Hang 7077", bench.Sold.Single().Sale!.Lines[0].Name);
        Assert.InRange(asked.Count, 10, 17); // a table of 40,000 rows, halved
        Assert.All(asked, rows => Assert.Equal(rows.First, rows.Last));
    }

    [Fact]
    public async Task The_table_is_looked_through_in_slices_at_quiet_moments_and_goes_on_where_the_line_broke()
    {
        await using EutronBench bench = new();
        bench.Options = new() { FromBeginning = true, NamesLifetime = TimeSpan.FromMinutes(2) };
        for (int code = 3; code <= 35; code++)
        {
            bench.Log.Name(code, $"Hang {code}");
        }

        bench.Log.Add(FlowBytes.Sale(1, Noon, code: 35));
        PlayedLine.Cable cable = bench.StartPlugged();
        await bench.Until(() => bench.Log.RowsAsked.Contains((10_011, 10_020)), "in the middle of the table");
        cable.Pull();
        bench.Plug();
        await bench.Quiet();
        (int First, int Last)[] slices = [.. bench.Log.RowsAsked.Where(rows => rows.Last > rows.First).Distinct()];
        Assert.Equal([(10_001, 10_010), (10_011, 10_020), (10_021, 10_030), (10_031, 10_040)], slices);
        Assert.Equal(1, bench.Log.TablesTold);

        bench.Log.Name(35, "Hang moi");
        await bench.Until(() => bench.Log.TablesTold == 2, "looked through again");
        await bench.Quiet();
        bench.Log.Add(FlowBytes.Sale(2, Noon.AddHours(1), code: 35));
        await bench.Recorded(2);
        Assert.Equal(["Hang 35", "Hang moi"], bench.Sold.Select(record => record.Sale!.Lines[0].Name));
    }

    [Fact]
    public async Task A_table_of_the_last_start_is_used_at_once()
    {
        await using EutronBench bench = new();
        bench.Log.Name(500, "Kem");
        bench.Log.Add(FlowBytes.Sale(1, Noon));
        bench.Start().Plug();
        await bench.Recorded(1);
        await bench.Quiet();
        await bench.StopAsync();

        bench.Log.TellsTables = false;
        bench.Log.Add(FlowBytes.Sale(2, Noon, code: 500));
        bench.Start().Plug();
        await bench.Recorded(2);
        Assert.Equal("Kem", bench.Sold.Last().Sale!.Lines[0].Name);
    }

    [Fact]
    public async Task A_table_in_another_order_is_read_until_the_article_is_there()
    {
        await using EutronBench bench = new();
        for (int code = 900; code > 100; code--)
        {
            bench.Log.Name(code, $"Hang {code}");
        }

        bench.Log.Add(FlowBytes.Sale(1, Noon, code: 850));
        bench.Start().Plug();
        await bench.Recorded(1);
        Assert.Equal("Hang 850", bench.Sold.Single().Sale!.Lines[0].Name);
        Assert.InRange(bench.Log.RowsAsked.Count(rows => rows.Last > rows.First), 6, 8);
    }

    [Fact]
    public async Task A_table_without_rows_of_its_own_is_read_whole_when_a_sale_needs_it()
    {
        await using EutronBench bench = new();
        bench.Options = new() { FromBeginning = true, PluTable = 2 };
        bench.Log.Add(FlowBytes.Sale(1, Noon, code: 2));
        bench.Start().Plug();
        await bench.Recorded(1);
        Assert.Equal("Banh mi", bench.Sold.Single().Sale!.Lines[0].Name);
        Assert.Equal(1, bench.Log.TablesTold);
        Assert.Empty(bench.Log.RowsAsked);
    }

    /// <summary>A register that is slow answers the question before.</summary>
    [Fact]
    public async Task A_row_that_is_not_the_one_that_was_asked_for_is_asked_for_again()
    {
        await using EutronBench bench = new();
        for (int code = 3; code <= 400; code++)
        {
            bench.Log.Name(code * 101, $"Hang {code}");
        }

        bench.Log.Add(FlowBytes.Sale(1, Noon, code: 333 * 101));
        byte[]? before = null;
        int rows = 0;
        bool isAlone = false;
        bench.Recorder.BeforeRecord = _ =>
        {
            isAlone = bench.Log.RowsAsked.TrueForAll(asked => asked.First == asked.Last);
            return Task.CompletedTask;
        };
        bench.Start().Plug(new PlayedSerial(bench.Log)
        {
            Damages = (_, bytes) =>
            {
                if (bytes.Length != 71)
                {
                    return bytes;
                }

                byte[] told = rows++ % 2 == 0 ? before ?? bytes : bytes;
                before = [.. bytes];
                return told;
            },
        });
        await bench.Recorded(1);
        Assert.Equal("Hang 333", bench.Sold.Single().Sale!.Lines[0].Name);
        Assert.True(isAlone, "expected that rows led to the article, found that the table was read on");
    }

    /// <summary>Damage that the sum does not show: a wrong code leads into the wrong half of the table.</summary>
    [Fact]
    public async Task A_row_that_was_damaged_unseen_does_not_cost_a_name()
    {
        for (int damaged = 0; damaged < 12; damaged++)
        {
            int which = damaged;
            int rows = 0;
            await using EutronBench bench = new();
            for (int code = 3; code <= 400; code++)
            {
                bench.Log.Name(code * 101, $"Hang {code}");
            }

            bench.Log.Add(FlowBytes.Sale(1, Noon, code: 333 * 101));
            bench.Start().Plug(new PlayedSerial(bench.Log)
            {
                Damages = (_, bytes) =>
                {
                    if (bytes.Length == 71 && rows++ == which)
                    {
                        bytes[4]++;
                        bytes[3]--;
                    }

                    return bytes;
                },
            });
            await bench.Recorded(1);
            Assert.Equal("Hang 333", bench.Sold.Single().Sale!.Lines[0].Name);
        }
    }

    [Fact]
    public async Task A_code_that_the_register_does_not_know_is_read_twice_before_it_is_believed()
    {
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon.AddMinutes(1), 22_000), FlowBytes.Sale(3, Noon.AddMinutes(2), code: 77));
        byte[] damaged = FlowBytes.Sale(2, Noon, 22_000)[1];
        int readings = 0;
        bench.Start().Plug(new PlayedSerial(bench.Log)
        {
            Damages = (_, bytes) =>
            {
                if (bytes.AsSpan(2..^1).SequenceEqual(damaged) && ++readings == 2) // the first is that of a register that is met
                {
                    bytes[3] += 4; // code 5 in place of 1
                    bytes[10] -= 4;
                }

                return bytes;
            },
        });
        await bench.Recorded(3);
        Assert.Equal([("1", "Ca phe sua da"), ("1", "Ca phe sua da"), ("77", "")], bench.Sold.Select(record => (record.Sale!.Lines[0].Code, record.Sale.Lines[0].Name)));
    }

    [Fact]
    public void A_search_finds_each_article_of_a_table_in_order_by_at_most_sixteen_rows()
    {
        long[] codes = [.. Enumerable.Range(0, 10_001).Select(i => 100_000L + (i * 7))];
        for (int place = 0; place < codes.Length; place += 13)
        {
            (ArticleSearch search, int rows) = Search(codes, codes[place]);
            Assert.Equal(place, search.Found);
            Assert.InRange(rows, 1, 16);
            Assert.Equal((null, false), (Search(codes, codes[place] + 1).Search.Found, Search(codes, codes[place] + 1).Search.IsUnordered));
        }

        Assert.Equal(1, Search([1, 2, 3, 5, 9], 3).Rows); // where its code says
        Assert.Equal(4, Search([1, 2, 3, 5, 9], 9).Search.Found);
        Assert.Null(Search([], 9).Search.Found);
        Assert.True(Search([9, 8, 7, 6, 5], 8).Search.IsUnordered || Search([9, 8, 7, 6, 5], 8).Search.Found == 1);
        Assert.True(Search([5, 5, 5, 5, 5], 6).Search.IsUnordered);
    }

    private static (ArticleSearch Search, int Rows) Search(long[] codes, long article)
    {
        ArticleSearch search = new(article, 39_999);
        int rows = 0;
        while (search.Next is { } place)
        {
            Assert.InRange(++rows, 1, 17);
            search.Take(place < codes.Length ? codes[place] : null);
        }

        return (search, rows);
    }
}
