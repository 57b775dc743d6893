namespace Invoicing.NationalXml.Profiles;

/// <summary>What an element holds.</summary>
internal enum ElementForm
{
    /// <summary>Characters, at most a number of them.</summary>
    Text,

    /// <summary>A whole number of at most so many digits.</summary>
    Number,

    /// <summary>A number of at most so many digits, and so many of them decimals.</summary>
    Decimal,

    /// <summary><c>YYYY-MM-DD</c>.</summary>
    Date,

    /// <summary>Elements of its own.</summary>
    Group,

    /// <summary>What has no element of its own: TTKhac with TTin (TTruong, KDLieu, DLieu).</summary>
    Extras,
}
