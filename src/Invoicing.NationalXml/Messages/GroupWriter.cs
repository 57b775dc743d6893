using System.Collections.Immutable;
using System.Globalization;
using System.Xml;
using Invoicing.Invoices;
using Invoicing.NationalXml.Documents;
using Invoicing.NationalXml.Profiles;

namespace Invoicing.NationalXml.Messages;

/// <summary>Writes groups of elements in the order of a profile and judges every value against its rule; cuts nothing.</summary>
internal sealed class GroupWriter(XmlWriter xml)
{
    /// <summary>Most characters of one value in TTKhac. Source: Decision 1271/QĐ-CT, Part I.IV.</summary>
    private const int MaxExtra = 500;

    private readonly ImmutableArray<RuleFault>.Builder _faults = ImmutableArray.CreateBuilder<RuleFault>();

    /// <summary>Takes the faults found so far and begins anew.</summary>
    public ImmutableArray<RuleFault> TakeFaults()
    {
        ImmutableArray<RuleFault> found = _faults.ToImmutable();
        _faults.Clear();
        return found;
    }

    /// <summary>Writes a group with its element around it.</summary>
    /// <param name="tag">Its element.</param>
    /// <param name="group">What it may hold.</param>
    /// <param name="fields">What it holds.</param>
    /// <param name="path">Where it stands, for faults.</param>
    /// <param name="nested">Writes the groups in it, by their tags; <see langword="null"/> where it has none.</param>
    public void Write(string tag, ElementGroup group, Fields fields, string path, Action<string>? nested = null)
    {
        xml.WriteStartElement(tag);
        foreach (ElementRule rule in group.Rules)
        {
            switch (rule.Form)
            {
                case ElementForm.Group:
                    nested?.Invoke(rule.Tag);
                    break;
                case ElementForm.Extras:
                    WriteExtras(rule.Tag, group, fields, path);
                    break;
                default:
                    WriteValue(rule, fields, path);
                    break;
            }
        }

        xml.WriteEndElement();
        RequireNothingLost(group, fields, tag);
    }

    /// <summary>Judges and writes one value that stands outside of a group.</summary>
    public void WriteValue(ElementRule rule, string? value, string path)
    {
        if (string.IsNullOrEmpty(value))
        {
            if (rule.IsRequired)
            {
                Fault(NationalRuleIds.Missing, $"{path}/{rule.Tag}", "a value", "nothing");
            }

            return;
        }

        if (IsFit(rule, value, path))
        {
            xml.WriteElementString(rule.Tag, value);
        }
    }

    private static void RequireNothingLost(ElementGroup group, Fields fields, string tag)
    {
        if (!group.HasExtras && fields.FirstOrDefault(field => !group.Holds(field.Key)) is { Key: { } lost })
        {
            throw new InvalidOperationException($"expected an element for {lost} in {tag}, found none and no TTKhac");
        }
    }

    private void WriteValue(ElementRule rule, Fields fields, string path)
    {
        string? value = fields[rule.Tag];
        if (value is null && rule.Natures.Length > 0 && fields["TChat"] is { } nature && rule.Natures.Contains(nature, StringComparison.Ordinal))
        {
            Fault(NationalRuleIds.Missing, $"{path}/{rule.Tag}", $"a value on a line of nature {nature}", "nothing");
            return;
        }

        WriteValue(rule, value, path);
    }

    private void WriteExtras(string tag, ElementGroup group, Fields fields, string path)
    {
        bool isOpen = false;
        foreach ((string name, string value) in fields)
        {
            if (group.Holds(name) || !IsFit(new(name, ElementForm.Text, MaxExtra, 0, false, string.Empty), value, $"{path}/{tag}"))
            {
                continue;
            }

            if (!isOpen)
            {
                xml.WriteStartElement(tag);
                isOpen = true;
            }

            xml.WriteStartElement("TTin");
            xml.WriteElementString("TTruong", name);
            xml.WriteElementString("KDLieu", name == DocumentMapping.IssueTime ? "dateTime" : "string");
            xml.WriteElementString("DLieu", value);
            xml.WriteEndElement();
        }

        if (isOpen)
        {
            xml.WriteEndElement();
        }
    }

    private bool IsFit(ElementRule rule, string value, string path)
    {
        if (!IsText(value))
        {
            Fault(NationalRuleIds.Text, $"{path}/{rule.Tag}", "text that XML can hold", LawText.Show(value));
            return false;
        }

        if (rule.Form == ElementForm.Text && LawText.Length(value) > rule.Length)
        {
            Fault(NationalRuleIds.Length, $"{path}/{rule.Tag}", $"at most {rule.Length} characters", $"{LawText.Length(value)}: {LawText.Show(value)}");
            return false;
        }

        if (rule.Form is ElementForm.Number or ElementForm.Decimal && !HasDigits(rule, value))
        {
            string most = string.Create(CultureInfo.InvariantCulture, $"a number of at most {rule.Length} digits, {rule.Decimals} of them decimals");
            Fault(NationalRuleIds.Digits, $"{path}/{rule.Tag}", most, LawText.Show(value));
            return false;
        }

        return true;
    }

    private static bool HasDigits(ElementRule rule, string value)
    {
        ReadOnlySpan<char> digits = value.AsSpan(value[0] == '-' ? 1 : 0);
        int point = digits.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? digits : digits[..point];
        ReadOnlySpan<char> rest = point < 0 ? [] : digits[(point + 1)..];
        return whole.Length > 0 && whole.Length + rest.Length <= rule.Length && rest.Length <= rule.Decimals && point != digits.Length - 1
            && !whole.ContainsAnyExceptInRange('0', '9') && !rest.ContainsAnyExceptInRange('0', '9')
            && (rule.Form == ElementForm.Decimal || value[0] != '-');
    }

    /// <summary>No control characters, no half characters: what the rules of sales allow, judged again for entries that were made before them.</summary>
    private static bool IsText(string value)
    {
        for (int i = 0; i < value.Length; i++)
        {
            bool isPair = i + 1 < value.Length && char.IsSurrogatePair(value[i], value[i + 1]);
            if (isPair)
            {
                i++;
            }
            else if (char.IsControl(value[i]) || char.IsSurrogate(value[i]) || value[i] is '\uFFFE' or '\uFFFF')
            {
                return false;
            }
        }

        return true;
    }

    private void Fault(string rule, string path, string expected, string found) => _faults.Add(new(rule, path, expected, found));
}
