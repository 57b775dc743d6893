namespace Invoicing.Catalogues;

/// <summary>One row of a CSV file.</summary>
/// <param name="Line">Line of the file that it begins in, from 1.</param>
/// <param name="Fields">Its fields, without their quotes.</param>
internal readonly record struct CsvRow(int Line, string[] Fields)
{
    /// <summary>Whether the row is an empty line.</summary>
    public bool IsBlank => Fields is [{ Length: 0 }];
}
