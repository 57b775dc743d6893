using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml;
using Invoicing.Benchmarks.Method;
using Invoicing.NationalXml.Messages;

namespace Invoicing.Benchmarks.National;

/// <summary>
/// <c>national</c>: invoices to signed messages 206, against writing the same elements and signing as many digests of the same bytes; memory of
/// 10,000 and of 100,000 (<c>--memory N</c>, each in a process of its own); <c>--out DIR</c> keeps the files, to be verified by others.
/// </summary>
internal static class NationalBenchmark
{
    public static int Run(string[] args)
    {
        int invoices = Report.Number(args, "--invoices", 100_000);
        if (Array.IndexOf(args, "--memory") >= 0)
        {
            return Memory(Report.Number(args, "--memory", invoices));
        }

        int at = Array.IndexOf(args, "--out");
        if (at >= 0)
        {
            return Keep(args[at + 1], invoices);
        }

        int pairs = Report.Number(args, "--pairs", 5);
        int each = invoices / pairs;
        using NationalShop shop = new();
        SignedMessage sample = Make(shop, 2_000)[0];
        using RSA key = shop.Certificate.GetRSAPrivateKey()!;
        Limit(sample, 2, key);
        var rates = new List<(double Limit, double Ours)>();
        long largest = 0;
        long messages = 0;
        for (int i = 0; i < pairs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            int count = 0;
            foreach (BatchItem item in shop.Messages.Write(NationalShop.Invoices(each)))
            {
                SignedMessage message = ((BatchItem.Ready)item).Content;
                largest = Math.Max(largest, message.Bytes.Length);
                count++;
            }

            double ours = each / Stopwatch.GetElapsedTime(start).TotalSeconds;
            messages += count;
            rates.Add((Limit(sample, count, key), ours));
        }

        Tell(rates, messages, largest);
        return 0;
    }

    private static List<SignedMessage> Make(NationalShop shop, int count) =>
        [.. shop.Messages.Write(NationalShop.Invoices(count)).Select(item => ((BatchItem.Ready)item).Content)];

    /// <summary>Invoices a second of a program that only writes a message's elements, hashes the bytes and signs the digest.</summary>
    private static double Limit(SignedMessage sample, int messages, RSA key)
    {
        List<(XmlNodeType Type, string Name, string Value)> nodes = Nodes(sample);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < messages; i++)
        {
            using MemoryStream stream = new(InvoiceMessages.MaxBytes);
            using (var xml = XmlWriter.Create(stream, new() { ConformanceLevel = ConformanceLevel.Fragment }))
            {
                Write(xml, nodes);
            }

            _ = key.SignHash(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        return (double)messages * sample.Parts.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Write(XmlWriter xml, List<(XmlNodeType Type, string Name, string Value)> nodes)
    {
        foreach ((XmlNodeType type, string name, string value) in nodes)
        {
            switch (type)
            {
                case XmlNodeType.Element:
                    xml.WriteStartElement(name);
                    break;
                case XmlNodeType.EndElement:
                    xml.WriteEndElement();
                    break;
                default:
                    xml.WriteString(value);
                    break;
            }
        }
    }

    private static List<(XmlNodeType Type, string Name, string Value)> Nodes(SignedMessage sample)
    {
        List<(XmlNodeType, string, string)> nodes = [];
        using MemoryStream stream = new(sample.Bytes.ToArray());
        using var reader = XmlReader.Create(stream);
        while (reader.Read())
        {
            if (reader.NodeType is XmlNodeType.Element or XmlNodeType.EndElement or XmlNodeType.Text)
            {
                nodes.Add((reader.NodeType, reader.LocalName, reader.Value));
                if (reader.IsEmptyElement)
                {
                    nodes.Add((XmlNodeType.EndElement, reader.LocalName, string.Empty));
                }
            }
        }

        return nodes;
    }

    private static void Tell(List<(double Limit, double Ours)> rates, long messages, long largest)
    {
        double[] ratios = [.. rates.Select(pair => pair.Ours / pair.Limit)];
        Report.Tell(writer =>
        {
            writer.WriteString("benchmark", "national");
            writer.WriteNumber("pairs", rates.Count);
            Report.Number(writer, "rate", Figures.Median(rates.Select(pair => pair.Ours)));
            Report.Number(writer, "limit", Figures.Median(rates.Select(pair => pair.Limit)));
            Report.Number(writer, "ratio", Figures.Median(ratios));
            Report.Number(writer, "spread", Figures.Spread(ratios));
            writer.WriteNumber("messages", messages);
            writer.WriteNumber("largest_bytes", largest);
            writer.WriteBoolean("fit", Figures.IsFit(Figures.Spread(ratios)));
            writer.WriteBoolean("reached", largest <= InvoiceMessages.MaxBytes);
        });
    }

    /// <summary>Peak of anonymous memory, read after each message.</summary>
    private static int Memory(int invoices)
    {
        using NationalShop shop = new();
        double peak = 0;
        long messages = 0;
        long start = Stopwatch.GetTimestamp();
        foreach (BatchItem item in shop.Messages.Write(NationalShop.Invoices(invoices)))
        {
            messages += item is BatchItem.Ready ? 1 : 0;
            peak = Math.Max(peak, Report.AnonymousMegabytes());
        }

        Report.Tell(writer =>
        {
            writer.WriteString("benchmark", "national-memory");
            writer.WriteNumber("invoices", invoices);
            writer.WriteNumber("messages", messages);
            Report.Number(writer, "seconds", Stopwatch.GetElapsedTime(start).TotalSeconds);
            Report.Number(writer, "peak_anonymous_mb", peak);
        });
        return 0;
    }

    private static int Keep(string folder, int invoices)
    {
        using NationalShop shop = new();
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "trusted.pem"), shop.Certificate.ExportCertificatePem());
        int messages = 0;
        foreach (BatchItem item in shop.Messages.Write(NationalShop.Invoices(invoices)))
        {
            SignedMessage message = ((BatchItem.Ready)item).Content;
            File.WriteAllBytes(Path.Combine(folder, $"{message.Id}.xml"), message.Bytes.ToArray());
            messages++;
        }

        Report.Tell(writer =>
        {
            writer.WriteString("benchmark", "national-out");
            writer.WriteNumber("invoices", invoices);
            writer.WriteNumber("messages", messages);
        });
        return 0;
    }
}
