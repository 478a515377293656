// Opens a data set as users without options do.
using Duet.Data;
using Duet.Vision;

namespace Duet.Tests.Data.Formats;

internal static class Reading
{
    /// <summary>All products with the format's own columns.</summary>
    public static List<Product> All(string path, Quarantine quarantine, DataFormat format = DataFormat.Auto) =>
        [.. ProductTable.Open(new TableOptions { Path = path, DataFormat = format }).Read(quarantine)];

    public static List<Product> All(string path)
    {
        var quarantine = new Quarantine();
        var products = All(path, quarantine);
        quarantine.Entries.ShouldBeEmpty();
        return products;
    }

    /// <summary>Reads everything there is and decodes every picture; anything but the errors that commands show fails the test.</summary>
    /// <returns>What was wrong, in words; empty where nothing was.</returns>
    public static string Survive(string path, DataFormat format)
    {
        try
        {
            var quarantine = new Quarantine();
            var products = All(path, quarantine, format);
            var decoder = new ImageDecoder();
            var problems = string.Join('\n', quarantine.Entries.Select(entry => entry.Detail));
            foreach (var picture in products.SelectMany(product => product.Images))
            {
                try
                {
                    decoder.Decode(picture);
                }
                catch (ImageDecodeException e)
                {
                    problems += e.Message;
                }
            }

            return problems;
        }
        catch (TableException e)
        {
            e.Message.ShouldNotBeNullOrWhiteSpace();
            return e.Message;
        }
    }

    /// <summary>Changes bytes, cuts or lengthens: what disks, networks and enemies do.</summary>
    public static byte[] Damage(byte[] bytes, int seed)
    {
        var random = new Random(seed);
        var damaged = random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : [.. bytes];
        if (damaged.Length == 0)
        {
            return damaged;
        }

        for (var changes = random.Next(1, 12); changes > 0; changes--)
        {
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
        }

        if (random.Next(8) == 0)
        {
            var at = random.Next(damaged.Length);
            damaged = [.. damaged[..at], .. damaged[random.Next(damaged.Length)..]];
        }

        return damaged;
    }
}
