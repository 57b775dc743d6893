using Invoicing.Registers.EscPos.Tap;

namespace Invoicing.Registers.Tests.EscPos;

public sealed class PrinterRepliesTests
{
    private readonly PrinterReplies _replies = new();

    [Fact]
    public void An_answer_is_whose_question_comes_first()
    {
        _replies.AskedByTill([0x1D, (byte)'r', 1]);
        _replies.Ask(7);
        _replies.AskedByTill([0x1D, (byte)'I', 65]);
        _replies.Ask(8);

        Assert.Equal((0, "00"), Take("00"));
        Assert.Equal((7, ""), Take("00"));
        Assert.Equal((0, "5F4142"), Take("5F4142"));
        Assert.Equal((8, "00"), Take("0003"));
    }

    [Fact]
    public void What_comes_at_any_moment_is_the_tills()
    {
        _replies.Ask(1);

        Assert.Equal((0, "12"), Take("12")); // DLE EOT
        Assert.Equal((0, "1000"), Take("1000")); // ASB, in two pieces
        Assert.Equal((0, "0000"), Take("0000"));
        Assert.Equal((1, "1A"), Take("0C1A"));
        Assert.Equal((0, "00"), Take("00")); // nobody asked
    }

    [Fact]
    public void Questions_that_no_printer_answers_are_given_up_and_a_new_line_forgets_all()
    {
        _replies.AskedByTill([0x1D, (byte)'I', 99]);
        _replies.Ask(1);
        _replies.GiveUpTill();
        _replies.Ask(2);
        Assert.Equal((1, ""), Take("00"));
        _replies.Begin();
        Assert.Equal((0, "00"), Take("00"));

        for (int i = 1; i <= PrinterReplies.MostAsked + 5; i++)
        {
            _replies.Ask(i);
        }

        Assert.Equal((6, ""), Take("00"));
    }

    private (long Ticket, string ForTill) Take(string hex)
    {
        List<byte> forTill = [];
        return (_replies.Take(Convert.FromHexString(hex), forTill), Convert.ToHexString([.. forTill]));
    }
}
