namespace Invoicing.Gateway.Keys.Tokens;

/// <summary>What is wrong with a token. The numbers go over the pipe.</summary>
internal enum TokenTrouble
{
    /// <summary>The token does not answer as it should; started anew it may.</summary>
    Failed = 1,

    /// <summary>It is not in its slot.</summary>
    Gone = 2,

    /// <summary>The PIN is another: never tried again with the same.</summary>
    PinWrong = 3,

    /// <summary>It wants a PIN and there is none, or it takes none any more.</summary>
    PinClosed = 4,

    /// <summary>The key on it is another, or of another sort, or there are several of the name.</summary>
    NoKey = 5,

    /// <summary>The maker's library cannot be used.</summary>
    Module = 6,

    /// <summary>There is no key of that name on it.</summary>
    Absent = 7,
}
